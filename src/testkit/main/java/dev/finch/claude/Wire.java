package dev.finch.claude;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** The server's end of one connection, as a {@link ClaudeScript} uses it. */
public final class Wire {

  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;
  private final LoopbackClaude.Received request;
  private final LoopbackClaude claude;
  private boolean chunked;
  private boolean headSent;
  private boolean close;

  Wire(Socket socket, InputStream in, LoopbackClaude.Received request, LoopbackClaude claude)
      throws IOException {
    this.socket = socket;
    this.in = in;
    this.out = socket.getOutputStream();
    this.request = request;
    this.claude = claude;
  }

  /** Begins a chunked response. */
  public void begin(int status, String contentType, String... headers) throws IOException {
    chunked = true;
    head(status, contentType, "transfer-encoding: chunked", headers);
  }

  /** Sends a whole response. */
  public void whole(int status, String contentType, byte[] body, String... headers)
      throws IOException {
    head(status, contentType, "content-length: " + body.length, headers);
    claude.countSent(request, body.length);
    out.write(body);
  }

  /** Sends these bytes of the body as one chunk and flushes. */
  public void send(byte[] bytes) throws IOException {
    if (bytes.length == 0) {
      return;
    }
    // One write per chunk: a packet then holds what the script meant it to hold.
    byte[] head = (Integer.toHexString(bytes.length) + "\r\n").getBytes(StandardCharsets.US_ASCII);
    byte[] chunk = Arrays.copyOf(head, head.length + bytes.length + 2);
    System.arraycopy(bytes, 0, chunk, head.length, bytes.length);
    chunk[chunk.length - 2] = '\r';
    chunk[chunk.length - 1] = '\n';
    // Counted first: who reads the last of it may ask for the sum at once.
    claude.countSent(request, bytes.length);
    out.write(chunk);
    out.flush();
  }

  public void send(String text) throws IOException {
    send(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Sends bytes as they are, outside of HTTP's framing. */
  public void raw(String text) throws IOException {
    headSent = true;
    close = true;
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  /** Cuts the connection with a FIN where the body is not over. */
  public void cut() throws IOException {
    socket.close();
    throw new IOException("cut");
  }

  /** Cuts the connection with a RST. */
  public void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
    throw new IOException("reset");
  }

  /** Waits until the client closes the connection and then tells {@link LoopbackClaude}. */
  public void awaitAbandoned() throws IOException {
    socket.setSoTimeout((int) LoopbackClaude.PATIENCE.toMillis());
    try {
      while (in.read() >= 0) {
        // A client that waits for an answer sends nothing.
      }
    } catch (SocketTimeoutException e) {
      throw e;
    } catch (IOException e) {
      claude.abandoned(request);
      throw e;
    }
    claude.abandoned(request);
    throw new IOException("abandoned");
  }

  /** Tells {@link LoopbackClaude} that the client has left. */
  void abandoned() {
    claude.abandoned(request);
  }

  /** Ends the response; false where the connection must be closed. */
  boolean endMessage() throws IOException {
    if (!headSent) {
      throw new IOException("the script sent nothing");
    }
    if (chunked) {
      out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    }
    out.flush();
    return !close;
  }

  private void head(int status, String contentType, String framing, String... headers)
      throws IOException {
    headSent = true;
    close = List.of(headers).contains("connection: close");
    StringBuilder head = new StringBuilder("HTTP/1.1 " + status + " Scripted\r\n");
    head.append("content-type: ").append(contentType).append("\r\n");
    head.append("request-id: req_loopback\r\n").append(framing).append("\r\n");
    for (String header : headers) {
      head.append(header).append("\r\n");
    }
    out.write(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
  }
}
