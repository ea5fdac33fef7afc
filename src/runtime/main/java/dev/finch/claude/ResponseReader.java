package dev.finch.claude;

import dev.finch.failure.Failure;
import dev.finch.inference.AnswerEvent;
import java.util.function.Consumer;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/** Reads the bytes of one response into an answer. Not thread-safe. */
final class ResponseReader {

  private final AnswerBounds bounds;
  private final SseFramer framer;
  private final Transcript transcript;
  private @Nullable Failure failure;
  private long bytesRead;

  /**
   * @param content gets each piece of the answer
   */
  ResponseReader(AnswerBounds bounds, Consumer<AnswerEvent.Content> content) {
    this.bounds = bounds;
    this.framer = new SseFramer(bounds.lineBytes());
    this.transcript = new Transcript(content);
  }

  /** Takes the next bytes. After a failure or the answer's end, nothing more is read. */
  void feed(ByteString bytes) {
    bytesRead += bytes.size();
    if (failure == null && bytesRead > bounds.streamBytes()) {
      failure = ConnectionFailures.protocol(bounds.tooLong());
    }
    if (failure != null) {
      return;
    }
    try {
      framer.feed(bytes, this::accept);
    } catch (SseFramer.TooLong e) {
      failure = ConnectionFailures.protocol(Failure.sentence(String.valueOf(e.getMessage())));
    } catch (StackOverflowError e) {
      failure = ConnectionFailures.protocol("An event of Claude's stream is nested too deeply.");
    }
  }

  /** How many bytes of the stream were read, decoded. */
  long bytesRead() {
    return bytesRead;
  }

  /** What went wrong inside the stream, or null. */
  @Nullable Failure failure() {
    return failure;
  }

  /** The answer so far. */
  Transcript transcript() {
    return transcript;
  }

  private void accept(byte[] data) {
    if (failure != null || transcript.complete()) {
      return;
    }
    switch (WireEvents.parse(data)) {
      case null ->
          failure = ConnectionFailures.protocol("An event of Claude's stream is not JSON.");
      case WireEvent.ErrorCame error -> failure = ApiErrors.failure(0, error.body());
      case WireEvent event -> {
        transcript.accept(event);
        if (transcript.contentBytes() > bounds.contentBytes()
            || transcript.blocks() > bounds.blocks()) {
          failure = ConnectionFailures.protocol(bounds.tooMuch());
        }
      }
    }
  }
}
