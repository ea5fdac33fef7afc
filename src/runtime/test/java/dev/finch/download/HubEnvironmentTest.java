package dev.finch.download;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigFactory;
import dev.finch.failure.FinchException;
import dev.finch.settings.Section;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

final class HubEnvironmentTest {

  private static final Path HOME = Path.of("/home/ada");

  @TempDir private Path temp;

  @Test
  void findsTheCacheInTheOrderOfTheOtherClients() {
    assertEquals("/home/ada/.cache/huggingface/hub", cache());
    assertEquals("/x/huggingface/hub", cache("XDG_CACHE_HOME", "/x"));
    assertEquals("/h/hub", cache("XDG_CACHE_HOME", "/x", "HF_HOME", "/h"));
    assertEquals("/b", cache("HF_HOME", "/h", "HUGGINGFACE_HUB_CACHE", "/b"));
    assertEquals("/a", cache("HUGGINGFACE_HUB_CACHE", "/b", "HF_HUB_CACHE", "/a"));
    assertEquals("/home/ada/models/hub", cache("HF_HOME", "~/models"));
    assertEquals("/data/hf/hub", cache("HF_HOME", "$DATA/hf", "DATA", "/data"));
  }

  @Test
  void findsTheTokenInVariablesThenInItsFileAndNeverPrintsIt() throws IOException {
    Files.writeString(temp.resolve("token"), "hf_file\n");
    String home = temp.toString();
    assertEquals("hf_file", token("HF_HOME", home).value());
    assertEquals("hf_old", token("HF_HOME", home, "HUGGING_FACE_HUB_TOKEN", "hf_old").value());
    assertEquals(
        "hf_new", token("HUGGING_FACE_HUB_TOKEN", "hf_old", "HF_TOKEN", "hf_new\n").value());
    assertNull(of("HF_TOKEN", "hf_new", "HF_HUB_DISABLE_IMPLICIT_TOKEN", "1").token());
    assertNull(of().token());
    assertEquals("***", token("HF_TOKEN", "hf_new").toString());
  }

  @Test
  void readsSwitchesTimeoutsAndTheEndpoint() {
    assertTrue(of("HF_HUB_OFFLINE", "yes").offline());
    assertTrue(of("TRANSFORMERS_OFFLINE", "TRUE").offline());
    assertFalse(of("HF_HUB_OFFLINE", "0").offline());
    assertFalse(of("HF_HUB_DISABLE_SYMLINKS", "1").symlinks());
    Duration ten = Duration.ofSeconds(10);
    assertEquals(Duration.ofMillis(2500), of("X", "2.5").seconds("X", ten));
    assertEquals(ten, of("X", "soon").seconds("X", ten));
    assertEquals("https://huggingface.co", of().endpoint());
  }

  @Test
  void letsTheConfigurationWinOverTheEnvironment() {
    DownloadSettings settings =
        settings(
            "finch.download.endpoint = \"https://mirror.example/hf/\"",
            of("HF_ENDPOINT", "http://a"));
    assertEquals("https://mirror.example/hf", settings.endpoint().toString());
    assertEquals(
        "http://a:81/", settings("", of("HF_ENDPOINT", "http://a:81//")).endpoint().toString());
  }

  @Test
  void refusesAnEndpointThatIsNoneAndNamesTheKey() {
    FinchException refused =
        assertThrows(FinchException.class, () -> settings("", of("HF_ENDPOINT", "huggingface.co")));
    assertTrue(refused.failure().message().contains("finch.download.endpoint"));
  }

  /** A pipe would be waited for, and a device read for ever. */
  @Test
  @Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void refusesWhatIsNoFileAndNamesTheKeyAndTheVariable() throws Exception {
    Path pipe = temp.resolve("pipe");
    assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
    for (Path wrong : new Path[] {pipe, Path.of("/dev/zero"), Path.of("/dev/full")}) {
      for (String variable : new String[] {"SSL_CERT_FILE", "HF_TOKEN_PATH"}) {
        refused(settingsError("", of(variable, wrong.toString())), variable, wrong);
      }
      String config = "finch.download.ca-file = \"" + wrong + "\"";
      refused(settingsError(config, of()), "finch.download.ca-file", wrong);
    }
    Files.createDirectory(temp.resolve("certificates"));
    refused(
        settingsError("", of("SSL_CERT_FILE", temp.resolve("certificates").toString())),
        "a directory",
        temp);
  }

  private static String settingsError(String config, HubEnvironment environment) {
    return assertThrows(FinchException.class, () -> settings(config, environment))
        .failure()
        .message();
  }

  private static void refused(String message, String named, Path file) {
    assertTrue(message.contains(named) && message.contains(file.toString()), message);
  }

  private static DownloadSettings settings(String config, HubEnvironment environment) {
    return DownloadSettings.from(
        Section.of(
            ConfigFactory.parseString(config).withFallback(ConfigFactory.load()), "finch.download"),
        environment);
  }

  private static String cache(String... variables) {
    return of(variables).cache().toString();
  }

  private static HubToken token(String... variables) {
    HubToken token = of(variables).token();
    if (token == null) {
      throw new AssertionError("no token");
    }
    return token;
  }

  static HubEnvironment of(String... variables) {
    Map<String, String> map = new java.util.HashMap<>();
    for (int i = 0; i < variables.length; i += 2) {
      map.put(variables[i], variables[i + 1]);
    }
    return new HubEnvironment(map, HOME);
  }
}
