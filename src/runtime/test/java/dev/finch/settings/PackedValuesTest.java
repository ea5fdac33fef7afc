package dev.finch.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;

final class PackedValuesTest {

  private static Config packed(Config config) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PackedValues.write(config.root(), new DataOutputStream(bytes));
    return PackedValues.read(new ByteArrayInputStream(bytes.toByteArray()), "here");
  }

  @Test
  void givesBackEveryKindOfValue() throws IOException {
    Config config =
        ConfigFactory.parseString(
            """
            a { b = 1, "c.d" = 2147483648, e = 0.25, f = 1e3, g = yes, h = false, i = null }
            list = [1, "two", [], {}, [3, [4]], null]
            text = "Wörter, \\"quoted\\" and\\nbroken"
            time = 10s
            empty {}
            """);
    Config read = packed(config);
    assertEquals(config, read);
    assertEquals("here", read.getValue("a.b").origin().description());
    assertEquals(config.getDuration("time"), read.getDuration("time"));
    assertEquals(2147483648L, read.getLong("a.\"c.d\""));
  }

  @Test
  void givesBackAllDefaults() throws IOException {
    Config all = ConfigFactory.parseResourcesAnySyntax("reference").resolve();
    assertEquals(all, packed(all));
  }

  @Test
  void refusesWhatItDidNotWrite() {
    ByteArrayInputStream other = new ByteArrayInputStream(new byte[] {'?'});
    assertThrows(IOException.class, () -> PackedValues.read(other, "here"));
    ByteArrayInputStream cut = new ByteArrayInputStream(new byte[] {'{', 0, 9, 0});
    assertThrows(IOException.class, () -> PackedValues.read(cut, "here"));
  }
}
