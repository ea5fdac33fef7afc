package dev.finch.network;

import java.time.Duration;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.stage.AbstractInHandler;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.stream.stage.TimerGraphStageLogic;
import org.apache.pekko.util.ByteString;

/**
 * Cuts the bytes of a connection into portions that Pekko HTTP's parsers can take. They recurse
 * once for each message that ends inside of one portion, so none holds more than {@value
 * #MOST_HEADS} ends of a message's head; they make an object of each chunk before any is read, so
 * none is longer than {@value #MOST_BYTES} bytes; and they read a line from its beginning with each
 * portion, so that crumbs are gathered once many have come in a row. The bytes stay what they are.
 *
 * <p>Source: {@code HttpMessageParser} of pekko-http 1.3: {@code parseEntity} calls {@code
 * startNewMessage}, for requests, for interim responses, and after the trailer of a chunked entity;
 * before each lies an empty line.
 */
public final class Portions extends GraphStage<FlowShape<ByteString, ByteString>> {

  static final int MOST_HEADS = 16;
  static final int MOST_BYTES = 32 << 10;

  /** The shortest message is longer than a sixteenth of it. */
  private static final int HARMLESS = 14 * MOST_HEADS;

  private static final int CRUMB = 64;
  private static final int CRUMBS_IN_A_ROW = 32;
  private static final int GATHERED = 4096;
  private static final Duration PATIENCE = Duration.ofMillis(100);
  private static final byte[] NOTHING = {};

  private final Inlet<ByteString> in = Inlet.create("Portions.in");
  private final Outlet<ByteString> out = Outlet.create("Portions.out");
  private final FlowShape<ByteString, ByteString> shape = FlowShape.of(in, out);

  @Override
  public FlowShape<ByteString, ByteString> shape() {
    return shape;
  }

  @Override
  public GraphStageLogic createLogic(Attributes attributes) {
    return new Logic();
  }

  /** How many of these bytes, from {@code from} on, make one portion; at least one. */
  static int length(byte[] bytes, int from) {
    int most = Math.min(bytes.length - from, MOST_BYTES);
    if (most <= HARMLESS) {
      return most;
    }
    int end = from + most;
    int heads = 0;
    // An empty line is LF LF or LF CR LF, so that of two neighbours in it one is LF or CR.
    for (int i = from + 1; i < end; i += 2) {
      byte b = bytes[i];
      if ((b == '\n' || b == '\r') && inEmptyLine(bytes, i, end) && ++heads == MOST_HEADS) {
        return i + 1 - from;
      }
    }
    return most;
  }

  /** Whether this LF or CR belongs to an empty line; one with two such neighbours counts twice. */
  private static boolean inEmptyLine(byte[] bytes, int at, int end) {
    if (bytes[at] == '\r') {
      return is(bytes, at - 1, end, '\n') && is(bytes, at + 1, end, '\n');
    }
    return is(bytes, at - 1, end, '\n')
        || is(bytes, at + 1, end, '\n')
        || (is(bytes, at - 1, end, '\r') && is(bytes, at - 2, end, '\n'))
        || (is(bytes, at + 1, end, '\r') && is(bytes, at + 2, end, '\n'));
  }

  private static boolean is(byte[] bytes, int at, int end, char wanted) {
    return at >= 0 && at < end && bytes[at] == wanted;
  }

  private final class Logic extends TimerGraphStageLogic {
    private ByteString held = ByteString.emptyByteString();
    private byte[] rest = NOTHING;
    private int from;
    private int crumbs;

    Logic() {
      super(shape);
      setHandler(
          in,
          new AbstractInHandler() {
            @Override
            public void onPush() {
              came(grab(in));
            }

            @Override
            public void onUpstreamFinish() {
              ended();
            }
          });
      setHandler(
          out,
          new AbstractOutHandler() {
            @Override
            public void onPull() {
              pulled();
            }
          });
    }

    @Override
    public void onTimer(Object key) {
      pushNext();
    }

    private void came(ByteString bytes) {
      boolean crumb = bytes.size() < CRUMB && bytes.indexOf((byte) '\n') < 0;
      crumbs = crumb ? crumbs + 1 : 0;
      boolean gathering = crumbs > CRUMBS_IN_A_ROW && held.size() < GATHERED;
      boolean free = isAvailable(out) && held.isEmpty() && restIsEmpty();
      if (free && !gathering && bytes.size() <= HARMLESS) {
        push(out, bytes);
        return;
      }
      held = held.concat(bytes);
      if (!gathering) {
        pushNext();
      } else if (isAvailable(out)) {
        if (!isTimerActive(PATIENCE)) {
          scheduleOnce(PATIENCE, PATIENCE);
        }
        pull(in);
      }
    }

    private void ended() {
      if (held.isEmpty() && restIsEmpty()) {
        completeStage();
      } else {
        pushNext();
      }
    }

    private void pulled() {
      if (held.isEmpty() && restIsEmpty()) {
        if (!hasBeenPulled(in)) {
          pull(in);
        }
      } else {
        pushNext();
      }
    }

    private boolean restIsEmpty() {
      return from == rest.length;
    }

    private void pushNext() {
      if (restIsEmpty()) {
        cancelTimer(PATIENCE);
        rest = held.toArrayUnsafe();
        from = 0;
        held = ByteString.emptyByteString();
      }
      if (!isAvailable(out) || restIsEmpty()) {
        return;
      }
      int length = length(rest, from);
      ByteString portion = ByteString.fromArrayUnsafe(rest, from, length);
      from += length;
      if (restIsEmpty()) {
        rest = NOTHING;
        from = 0;
      }
      push(out, portion);
      if (isClosed(in) && restIsEmpty() && held.isEmpty()) {
        completeStage();
      }
    }
  }
}
