package dev.finch.cli;

import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A {@code finch serve} that listens, and what it says on standard error. */
public final class ServerProcess implements AutoCloseable {

  private static final String LISTENING = "listening on ";

  private final Process process;
  private final URI address;
  private final List<String> said;

  private ServerProcess(Process process, URI address, List<String> said) {
    this.process = process;
    this.address = address;
    this.said = said;
  }

  /** Blocks until it listens. Its standard output goes where the builder says. */
  public static ServerProcess start(ProcessBuilder builder) throws IOException {
    Process process = builder.start();
    BufferedReader errors = process.errorReader(StandardCharsets.UTF_8);
    List<String> said = Collections.synchronizedList(new ArrayList<>());
    String line = errors.readLine();
    while (line != null && !line.contains(LISTENING)) {
      said.add(line);
      line = errors.readLine();
    }
    assertNotNull(line, () -> "the server ended: " + said);
    said.add(line);
    Thread.ofVirtual().start(() -> errors.lines().forEach(said::add));
    URI address = URI.create(line.replaceFirst(".*" + LISTENING + "(\\S+).*", "$1"));
    return new ServerProcess(process, address, said);
  }

  public Process process() {
    return process;
  }

  public URI address() {
    return address;
  }

  /** Lines of standard error until now. */
  public List<String> said() {
    return List.copyOf(said);
  }

  /** Kills it and waits for its end. */
  @Override
  public void close() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
  }
}
