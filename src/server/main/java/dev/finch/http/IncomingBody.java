package dev.finch.http;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.RequestEntity;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.SharedKillSwitch;
import org.apache.pekko.stream.StreamLimitReachedException;
import org.apache.pekko.util.ByteString;

/** One request's body on its way in, gathered within bounds of bytes and time. */
final class IncomingBody {

  private static final int FIRST = 8 << 10;

  private final BodyQuota.Share share;
  private final long most;
  private byte[] bytes = new byte[0];
  private int length;

  private IncomingBody(BodyQuota.Share share, long most) {
    this.share = share;
    this.most = most;
  }

  /**
   * Reads a body to its end. Fails with {@link StreamLimitReachedException} where it is too long,
   * {@link java.util.concurrent.TimeoutException} where it is too slow, and as {@link BodyQuota}
   * says.
   *
   * @param keeper gets the share of what is taken, to be released
   */
  static CompletionStage<ByteBuffer> of(
      RequestEntity entity,
      BodyQuota bodyQuota,
      Visit keeper,
      HttpSettings settings,
      ActorSystem<?> in) {
    long most = settings.limits().bodyBytes();
    if (entity.getContentLengthOption().orElse(0) > most) {
      return CompletableFuture.failedFuture(new StreamLimitReachedException(most));
    }
    if (entity instanceof HttpEntity.Strict whole) {
      keeper.holds(bodyQuota.whole(whole.getData().size()));
      return CompletableFuture.completedFuture(whole.getData().toByteBuffer());
    }
    SharedKillSwitch end = KillSwitches.shared("body");
    BodyQuota.Share share = bodyQuota.begin(() -> end.abort(new BodyQuota.GivenUp()));
    keeper.holds(share);
    return entity
        .withoutSizeLimit()
        .getDataBytes()
        .via(end.flow())
        .completionTimeout(settings.bodyTimeout())
        .runFold(new IncomingBody(share, most), IncomingBody::with, in)
        .thenApply(IncomingBody::whole);
  }

  /** Copied, because each piece may be of one byte and an object of its own. */
  private IncomingBody with(ByteString piece) {
    int size = piece.size();
    if (size > most - length) {
      throw new StreamLimitReachedException(most);
    }
    share.add(size);
    if (length + size > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(length + size, Math.max(FIRST, 2 * bytes.length)));
    }
    piece.copyToArray(bytes, length, size);
    length += size;
    return this;
  }

  private ByteBuffer whole() {
    share.whole();
    return ByteBuffer.wrap(bytes, 0, length);
  }

  /** Who holds a body's share of the room. */
  interface Visit {
    void holds(BodyQuota.Share share);
  }
}
