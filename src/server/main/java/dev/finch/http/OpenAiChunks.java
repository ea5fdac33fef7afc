package dev.finch.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.finch.failure.Failure;
import dev.finch.inference.Provenance;
import dev.finch.inference.TokenUsage;
import org.apache.pekko.http.javadsl.model.ContentType;

/** What OpenAI's two kinds of streamed completion have in common. */
abstract class OpenAiChunks implements AnswerWriter {

  private final OpenAiChat.Shape shape;
  private final String object;
  private String model = "";
  private TokenUsage usage = TokenUsage.NONE;

  /**
   * @param object what each chunk calls itself
   */
  OpenAiChunks(OpenAiChat.Shape shape, String object) {
    this.shape = shape;
    this.object = object;
  }

  final void startedBy(Provenance provenance) {
    model = provenance.model();
  }

  /**
   * @param copy whether another choice answers the same prompt, and counts it
   */
  final void used(TokenUsage more, boolean copy) {
    usage = OpenAiChat.sum(usage, more, copy);
  }

  /** Whether the stream ends with a usage chunk. */
  final boolean tellsUsage() {
    return shape.usage();
  }

  /** A chunk with no choice yet. */
  final ObjectNode chunk() {
    return shape.envelope(object, model);
  }

  @Override
  public final ContentType contentType() {
    return Replies.EVENT_STREAM;
  }

  @Override
  public final String end(Provenance who) {
    String counted = "";
    if (tellsUsage()) {
      ObjectNode chunk = chunk();
      chunk.putArray("choices");
      chunk.set("usage", OpenAiChat.usage(usage));
      counted = Sse.data(chunk);
    }
    return counted + Sse.provenance(who) + "data: [DONE]\n\n";
  }

  @Override
  public final String broken(Failure failure) {
    int status = Statuses.of(failure.code());
    return Sse.data(shape.dialect().error(status, failure, shape.requestId()));
  }

  @Override
  public final String keepAlive() {
    return Sse.KEEP_ALIVE;
  }
}
