package dev.finch.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.finch.failure.Failure;
import java.util.List;
import org.apache.pekko.http.javadsl.model.HttpRequest;

/** One way of talking to Finch: its operations, and the shape of its errors. */
interface Dialect {

  List<Route> routes();

  /** The body of an error. */
  ObjectNode error(int status, Failure failure, String requestId);

  /** The dialect of whoever sent this request, where clients of two ask at one address. */
  default Dialect spokenIn(HttpRequest request) {
    return this;
  }

  /** The status this dialect's clients expect where the common one would mislead them. */
  default int status(int common, Failure failure) {
    return common;
  }
}
