package dev.finch.cli.repl;

import dev.finch.cli.terminal.StandardStream;
import dev.finch.cli.terminal.StyledText;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jline.utils.Signals;

/** A terminal that can do nothing but show lines one below the other. */
final class PlainScreen implements Screen {

  private final BufferedReader in;
  private final StandardStream out;

  PlainScreen(InputStream in, StandardStream out) {
    this.in = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    this.out = out;
  }

  @Override
  public Input read() {
    write(Repl.PROMPT);
    try {
      StringBuilder text = new StringBuilder();
      String line = in.readLine();
      while (line != null) {
        text.append(line);
        if (!ReplParser.unfinished(text.toString())) {
          return new Line(text.toString());
        }
        write("... ");
        text.append('\n');
        line = in.readLine();
      }
      return new Ended();
    } catch (IOException e) {
      return new Ended();
    }
  }

  @Override
  public void remember(Path file, int size) {}

  @Override
  public void write(String text) {
    out.print(text);
    out.flush();
  }

  @Override
  public void write(StyledText text) {
    out.show(text);
  }

  @Override
  public boolean copy(String text) {
    return false;
  }

  @Override
  public void notice(String line) {
    out.println(line);
    out.flush();
  }

  @Override
  public void status(String line) {}

  @Override
  public void working(String line) {}

  @Override
  public boolean styled() {
    return false;
  }

  @Override
  public int width() {
    return 80;
  }

  @Override
  public Busy busy(Runnable action) {
    Object previous = Signals.register("INT", action);
    return () -> Signals.unregister("INT", previous);
  }

  @Override
  public void close() {}
}
