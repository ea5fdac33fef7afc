package dev.finch.http;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.apache.pekko.Done;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.BidiShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.stage.AbstractInHandler;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.stream.stage.TimerGraphStageLogic;
import org.apache.pekko.util.ByteString;

/**
 * Learns whether a client that has closed its sending half still waits for its answer. Nothing that
 * comes from there tells; but what is sent to a client that has left is answered by a reset, and
 * what is sent after that fails. So something is sent, first soon and then rarely: while an answer
 * has not begun, one letter each time of the {@value #BEGINNING} that every answer begins with, and
 * within a stream a keep-alive. What Pekko HTTP writes passes unchanged but for the letters that
 * are out already.
 *
 * <p>It also ends the connection behind the last answer to such a client. Pekko HTTP 1.3 does so
 * where it sees the end of the requests before the last response, or with nothing under way; behind
 * a stream with another answer in line it may wait for ever.
 *
 * <p>Source: RFC 9112, section 9.6 (a client may close its half and wait); RFC 9293, section 3.10.7
 * (what reaches a connection that is closed is reset).
 */
final class HalfCloseProbe
    extends GraphStage<BidiShape<ByteString, ByteString, ByteString, ByteString>> {

  static final String BEGINNING = "HTTP/1.1 ";

  /** Before each probe; the second finds whoever is near, the others who is far or leaves late. */
  private static final List<Duration> PAUSES =
      List.of(
          Duration.ZERO,
          Duration.ofMillis(50),
          Duration.ofMillis(250),
          Duration.ofSeconds(1),
          Duration.ofSeconds(4),
          Duration.ofSeconds(15),
          Duration.ofMinutes(1),
          Duration.ofMinutes(4),
          Duration.ofMinutes(16));

  private final Inlet<ByteString> responses = Inlet.create("HalfCloseProbe.responses");
  private final Outlet<ByteString> out = Outlet.create("HalfCloseProbe.out");
  private final Inlet<ByteString> in = Inlet.create("HalfCloseProbe.in");
  private final Outlet<ByteString> requests = Outlet.create("HalfCloseProbe.requests");
  private final BidiShape<ByteString, ByteString, ByteString, ByteString> shape =
      BidiShape.of(responses, out, in, requests);
  private final ClientConnection connection;

  /**
   * @param connection is told when nothing more can be sent, and to keep its streams alive
   */
  HalfCloseProbe(ClientConnection connection) {
    this.connection = connection;
  }

  @Override
  public BidiShape<ByteString, ByteString, ByteString, ByteString> shape() {
    return shape;
  }

  @Override
  public GraphStageLogic createLogic(Attributes attributes) {
    return new Logic();
  }

  private final class Logic extends TimerGraphStageLogic {
    private final ResponseBoundary boundary = new ResponseBoundary();
    private ByteString held = ByteString.emptyByteString();
    private int probes;

    /** Letters of the next answer that are out already. */
    private int letters;

    Logic() {
      super(shape);
      setHandler(in, new FromClient());
      setHandler(requests, new ToServer());
      setHandler(responses, new FromServer());
      setHandler(out, new ToClient());
    }

    @Override
    public void preStart() {
      AsyncCallback<Done> known = createAsyncCallback(_ -> endBehindLast());
      connection.whenLastIsKnown(() -> known.invoke(Done.getInstance()));
    }

    private void endBehindLast() {
      if (held.isEmpty() && boundary.isBetween() && connection.isLast(boundary.answers())) {
        completeStage();
      }
    }

    @Override
    public void onTimer(Object key) {
      if (connection.isAnswering() && boundary.isBetween()) {
        sendLetter();
      } else {
        connection.probe();
      }
      probes++;
      scheduleNext();
    }

    private void scheduleNext() {
      if (probes < PAUSES.size() && !isClosed(responses)) {
        scheduleOnce(HalfCloseProbe.class, PAUSES.get(probes));
      }
    }

    private void sendLetter() {
      if (held.isEmpty() && isAvailable(out) && letters < BEGINNING.length()) {
        push(out, ByteString.fromString(BEGINNING.substring(letters, letters + 1)));
        letters++;
      }
    }

    /** What the client has not got yet of these bytes. */
    private ByteString rest(ByteString bytes) {
      boolean begins = boundary.isBetween();
      boundary.passed(bytes);
      if (letters == 0 || !begins) {
        return bytes;
      }
      ByteString rest = bytes.drop(letters);
      letters = 0;
      return rest;
    }

    private final class FromClient extends AbstractInHandler {
      @Override
      public void onPush() {
        push(requests, grab(in));
      }

      @Override
      public void onUpstreamFinish() {
        complete(requests);
        scheduleNext();
      }

      @Override
      public void onUpstreamFailure(Throwable thrown) {
        fail(requests, thrown);
      }
    }

    private final class ToServer extends AbstractOutHandler {
      @Override
      public void onPull() {
        pull(in);
      }

      @Override
      public void onDownstreamFinish(Throwable cause) {
        cancel(in, cause);
      }
    }

    private final class FromServer extends AbstractInHandler {
      @Override
      public void onPush() {
        ByteString bytes = rest(grab(responses));
        if (isAvailable(out)) {
          push(out, bytes);
          endBehindLast();
        } else {
          held = bytes;
        }
      }

      @Override
      public void onUpstreamFinish() {
        if (held.isEmpty()) {
          complete(out);
        }
      }

      @Override
      public void onUpstreamFailure(Throwable thrown) {
        fail(out, thrown);
      }
    }

    private final class ToClient extends AbstractOutHandler {
      @Override
      public void onPull() {
        if (!held.isEmpty()) {
          push(out, held);
          held = ByteString.emptyByteString();
          if (isClosed(responses)) {
            complete(out);
          } else {
            endBehindLast();
          }
        } else if (!hasBeenPulled(responses) && !isClosed(responses)) {
          pull(responses);
        }
      }

      @Override
      public void onDownstreamFinish(Throwable cause) {
        cancel(responses, cause);
        connection.closed();
      }
    }
  }

  /**
   * Whether the next byte that Pekko HTTP writes begins a response, told by the pieces in which it
   * writes: a whole response with its length in one, or a head and each chunk by itself. Where
   * anything else was written, the answer is no for good.
   */
  static final class ResponseBoundary {
    private static final ByteString LAST_CHUNK = ByteString.fromString("0\r\n\r\n");
    private static final ByteString INTERIM = ByteString.fromString(BEGINNING + "1");
    private static final String LENGTH = "\r\nContent-Length: ";
    private static final String CHUNKED = "\r\nTransfer-Encoding: chunked\r\n";
    private static final int MOST_HEAD = 64 << 10;

    private enum Place {
      BETWEEN,
      CHUNKS,
      UNKNOWN
    }

    private Place place = Place.BETWEEN;
    private int answers;

    boolean isBetween() {
      return place == Place.BETWEEN;
    }

    /** How many have passed whole. */
    int answers() {
      return answers;
    }

    void passed(ByteString bytes) {
      boolean interim = place == Place.BETWEEN && bytes.startsWith(INTERIM, 0);
      if (interim) {
        return;
      }
      place =
          switch (place) {
            case BETWEEN -> afterHead(bytes);
            case CHUNKS -> bytes.equals(LAST_CHUNK) ? Place.BETWEEN : place;
            case UNKNOWN -> place;
          };
      if (place == Place.BETWEEN) {
        answers++;
      }
    }

    private static Place afterHead(ByteString bytes) {
      String text = new String(bytes.take(MOST_HEAD).toArrayUnsafe(), StandardCharsets.ISO_8859_1);
      int end = text.indexOf("\r\n\r\n") + 4;
      String head = text.substring(0, Math.max(0, end - 2));
      if (head.contains(CHUNKED)) {
        return bytes.size() == end ? Place.CHUNKS : Place.UNKNOWN;
      }
      int at = head.indexOf(LENGTH) + LENGTH.length();
      return at >= LENGTH.length()
              && head.startsWith(String.valueOf(bytes.size() - end) + "\r\n", at)
          ? Place.BETWEEN
          : Place.UNKNOWN;
    }
  }
}
