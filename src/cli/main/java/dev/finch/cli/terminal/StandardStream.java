package dev.finch.cli.terminal;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * stdout or stderr, in UTF-8 whatever the locale says: models answer in it. Where it is a terminal,
 * everything that is printed passes {@link ForeignText}, and only {@link #show} sends Finch's own
 * controls; elsewhere the bytes stay as they are.
 */
public final class StandardStream extends PrintStream {

  private final Sink sink;

  private StandardStream(Sink sink) {
    super(sink, false, StandardCharsets.UTF_8);
    this.sink = sink;
  }

  /** The process's stdout. */
  public static StandardStream out(Terminals terminals) {
    return over(new FileOutputStream(FileDescriptor.out), terminals.output());
  }

  /** The process's stderr. */
  public static StandardStream err(Terminals terminals) {
    return over(new FileOutputStream(FileDescriptor.err), terminals.error());
  }

  /**
   * @param terminal whether a terminal shows what is written
   */
  public static StandardStream over(OutputStream target, boolean terminal) {
    return new StandardStream(new Sink(target, terminal));
  }

  /** Writes text with Finch's own controls, at once. */
  public void show(StyledText text) {
    flush();
    try {
      sink.pass(text.toString().getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      setError();
    }
  }

  /** Why a write failed, the first time; null where none did. */
  public @Nullable IOException failure() {
    return sink.failure;
  }

  /** The same stream for those who want to know of a failure at once. */
  public OutputStream throwing() {
    return sink;
  }

  /** Whether a write failed because the reader went away, as {@code head} does. */
  public static boolean isBrokenPipe(IOException failure) {
    return String.valueOf(failure.getMessage()).contains("Broken pipe");
  }

  private static final class Sink extends OutputStream {

    private final OutputStream target;
    private final boolean terminal;
    private final ForeignText foreign = new ForeignText();
    private @Nullable CharsetDecoder decoder;
    private byte[] cut = {};
    private @Nullable IOException failure;

    Sink(OutputStream target, boolean terminal) {
      this.target = target;
      this.terminal = terminal;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public synchronized void write(byte[] bytes, int from, int length) throws IOException {
      byte[] shown = terminal ? filtered(bytes, from, length) : null;
      try {
        if (shown == null) {
          target.write(bytes, from, length);
        } else {
          target.write(shown);
        }
      } catch (IOException e) {
        failure = failure == null ? e : failure;
        throw e;
      }
    }

    synchronized void pass(byte[] bytes) throws IOException {
      target.write(bytes);
      target.flush();
    }

    @Override
    public void flush() throws IOException {
      target.flush();
    }

    // What is cut within a character waits for its rest; what is no UTF-8 becomes U+FFFD.
    private byte[] filtered(byte[] bytes, int from, int length) {
      CharsetDecoder known = decoder;
      if (known == null) {
        known = StandardCharsets.UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPLACE);
        decoder = known;
      }
      ByteBuffer in = ByteBuffer.allocate(cut.length + length);
      in.put(cut).put(bytes, from, length).flip();
      CharBuffer chars = CharBuffer.allocate(in.remaining() + 1);
      known.decode(in, chars, false);
      cut = new byte[in.remaining()];
      in.get(cut);
      return foreign.shown(chars.flip().toString()).getBytes(StandardCharsets.UTF_8);
    }
  }
}
