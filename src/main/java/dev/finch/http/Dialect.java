package dev.finch.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.finch.failure.Failure;
import java.util.List;

/** One way of talking to Finch: its operations, and the shape of its errors. */
interface Dialect {

  List<Route> routes();

  /** The body of an error. */
  ObjectNode error(int status, Failure failure, String requestId);

  /** The status this dialect's clients expect where the common one would mislead them. */
  default int status(int common, Failure failure) {
    return common;
  }
}
