package dev.finch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.typesafe.config.ConfigFactory;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class ReferenceConfigurationTest {

  @Test
  void setsNothingOutsideItsOwnSection() {
    var own =
        ConfigFactory.parseURL(ReferenceConfigurationTest.class.getResource("/reference.conf"));
    assertEquals(Set.of("finch"), own.root().keySet());
  }
}
