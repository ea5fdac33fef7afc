package dev.finch.http;

import dev.finch.failure.Failure;
import dev.finch.inference.AnswerEvent;
import dev.finch.inference.Provenance;
import org.apache.pekko.http.javadsl.model.ContentType;

/**
 * Writes one streamed answer in a dialect's frames. Stateful; one per answer, used by one thread at
 * a time. An empty text writes nothing.
 */
interface AnswerWriter {

  ContentType contentType();

  /** The frames of an event of the answer numbered {@code choice}, from 0. */
  String event(int choice, AnswerEvent event);

  /** The frames after all choices have finished. */
  String end(Provenance who);

  /** The frame that says that the answer broke; the connection is cut after it. */
  String broken(Failure failure);

  /** What is sent in a silence. */
  String keepAlive();
}
