package dev.finch.remote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import dev.finch.inference.AnswerEvent;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Responses as a server with a bad day gives them, byte for byte. */
@Timeout(60)
final class LineStreamTest {

  private static final String HEAD =
      "HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\nConnection: close\r\n\r\n";

  private final ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final ServerAddress address =
      ServerAddress.of(
          URI.create("http://127.0.0.1:" + listening.getLocalPort()),
          false,
          InetAddress::getAllByName);
  private final ServerCalls calls = new ServerCalls(address, null, null);

  LineStreamTest() throws IOException {}

  @AfterEach
  void stop() throws IOException {
    calls.close();
    listening.close();
  }

  @Test
  void nothingIsSentBeforeAValueIsWanted() throws Exception {
    Reader reader = new Reader();
    lines().subscribe(reader);
    listening.setSoTimeout(200);
    assertThrows(IOException.class, listening::accept);
    listening.setSoTimeout(0);
    reader.subscription.request(1);
    try (Socket server = accepted()) {
      write(server, HEAD + "one\ntwo\n");
      assertEquals("one", reader.values.take());
    }
  }

  @Test
  void cancellingClosesTheConnection() throws Exception {
    Reader reader = new Reader();
    lines().subscribe(reader);
    reader.subscription.request(1);
    try (Socket server = accepted()) {
      write(server, HEAD + "one\n");
      assertEquals("one", reader.values.take());
      reader.subscription.cancel();
      assertClosed(server);
    }
  }

  @Test
  void cancellingBeforeTheResponseClosesTheConnection() throws Exception {
    Reader reader = new Reader();
    lines().subscribe(reader);
    reader.subscription.request(1);
    try (Socket server = accepted()) {
      reader.subscription.cancel();
      assertClosed(server);
    }
  }

  @Test
  void aReaderWithoutDemandStopsTheServersBytes() throws Exception {
    Reader reader = new Reader();
    lines().subscribe(reader);
    reader.subscription.request(1);
    try (Socket server = accepted()) {
      AtomicLong written = new AtomicLong();
      Thread writer = Thread.startVirtualThread(() -> writeForEver(server, written));
      assertEquals("line", reader.values.take());
      long before = -1;
      while (before != written.get()) {
        before = written.get();
        writer.join(Duration.ofMillis(300));
      }
      assertTrue(before < 64 << 20, before + " bytes went out to a reader that wants none");
      assertNull(reader.values.poll());
      reader.subscription.cancel();
      writer.join();
    }
  }

  @Test
  void anAnswerThatBreaksEndsWithFailed() throws Exception {
    CompletableFuture<List<AnswerEvent>> events = answer();
    try (Socket server = accepted()) {
      write(
          server, HEAD + "{\"type\":\"delta\",\"text\":\"Hel\",\"logprobs\":[]}\n{\"type\":\"del");
    }
    assertEquals(2, events.get().size());
    AnswerEvent.Failed failed = assertInstanceOf(AnswerEvent.Failed.class, events.get().getLast());
    assertEquals(FailureCode.PROVIDER_LOST, failed.failure().code());
  }

  @Test
  void nothingFollowsTheEndOfAnAnswer() throws Exception {
    CompletableFuture<List<AnswerEvent>> events = answer();
    try (Socket server = accepted()) {
      write(
          server,
          HEAD
              + "\n{\"type\":\"failed\",\"failure\":{\"code\":\"INTERNAL\",\"message\":\"m\"}}\n"
              + "{\"type\":\"delta\",\"text\":\"more\",\"logprobs\":[]}\n");
      assertEquals(1, events.get().size());
      assertClosed(server);
    }
  }

  @Test
  void aConnectionThatSaysNothingIsGivenUp() throws Exception {
    LineStream<String> patient =
        (LineStream<String>) calls.lines(() -> calls.get("/"), () -> line -> line);
    LineStream<String> lines =
        new LineStream<>(patient.send(), patient.reader(), patient.typed(), Duration.ofMillis(200));
    CompletableFuture<Long> count = counted(lines);
    try (Socket server = accepted()) {
      write(server, HEAD + "one\n");
      ExecutionException thrown = assertThrows(ExecutionException.class, count::get);
      FinchException lost = assertInstanceOf(FinchException.class, thrown.getCause());
      assertEquals(FailureCode.PROVIDER_LOST, lost.failure().code());
      assertClosed(server);
    }
  }

  @Test
  void cancellingAWholeReplyClosesTheConnection() throws Exception {
    CompletableFuture<?> reply = calls.json(calls.get("/"), json -> json);
    try (Socket server = accepted()) {
      reply.cancel(true);
      assertClosed(server);
    }
  }

  @Test
  void closingEndsWhatIsUnderWay() throws Exception {
    CompletableFuture<List<AnswerEvent>> events = answer();
    try (Socket server = accepted()) {
      write(server, HEAD);
      calls.close();
      assertInstanceOf(AnswerEvent.Failed.class, events.get().getLast());
      assertClosed(server);
    }
  }

  @Test
  void onceClosedEverythingFailsWithDraining() throws Exception {
    calls.close();
    AnswerEvent.Failed failed =
        assertInstanceOf(AnswerEvent.Failed.class, answer().get().getLast());
    assertEquals(FailureCode.DRAINING, failed.failure().code());
    ExecutionException thrown =
        assertThrows(
            ExecutionException.class, () -> calls.json(calls.get("/"), json -> json).get());
    assertEquals(
        FailureCode.DRAINING,
        assertInstanceOf(FinchException.class, thrown.getCause()).failure().code());
  }

  @Test
  void anEmptyKeyIsNoneAndOneThatNoHeaderCarriesIsNotTold() throws Exception {
    try (ServerCalls none = new ServerCalls(address, "", null)) {
      assertTrue(none.get("/").headers().firstValue("Authorization").isEmpty());
    }
    FinchException refused =
        assertThrows(FinchException.class, () -> new ServerCalls(address, "schl\u00fcssel", null));
    assertEquals(FailureCode.BAD_REQUEST, refused.failure().code());
    assertTrue(!refused.failure().describe().contains("schl"), refused.failure().describe());
  }

  private Flow.Publisher<String> lines() {
    return calls.lines(() -> calls.get("/"), () -> line -> line);
  }

  private CompletableFuture<List<AnswerEvent>> answer() {
    List<AnswerEvent> events = new java.util.concurrent.CopyOnWriteArrayList<>();
    return FoldingSubscriber.of(
        calls.lines(() -> calls.get("/"), () -> new RemoteAnswer(calls.replies(), false)),
        events::add,
        () -> events);
  }

  private static CompletableFuture<Long> counted(Flow.Publisher<String> lines) {
    AtomicLong count = new AtomicLong();
    return FoldingSubscriber.of(lines, _ -> count.incrementAndGet(), count::get);
  }

  /** A connection whose request has been read. */
  private Socket accepted() throws IOException {
    Socket server = listening.accept();
    InputStream in = server.getInputStream();
    int newlines = 0;
    while (newlines < 2) {
      int b = in.read();
      newlines = b == '\n' ? newlines + 1 : b == '\r' ? newlines : 0;
    }
    return server;
  }

  private static void write(Socket server, String text) throws IOException {
    server.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    server.getOutputStream().flush();
  }

  private static void writeForEver(Socket server, AtomicLong written) {
    byte[] line = "line\n".repeat(1000).getBytes(StandardCharsets.UTF_8);
    try {
      OutputStream out = server.getOutputStream();
      out.write(HEAD.getBytes(StandardCharsets.UTF_8));
      while (true) {
        out.write(line);
        written.addAndGet(line.length);
      }
    } catch (IOException _) {
      // The reader has left.
    }
  }

  private static void assertClosed(Socket server) throws IOException {
    try {
      assertEquals(-1, server.getInputStream().read());
    } catch (java.net.SocketException e) {
      assertTrue(String.valueOf(e.getMessage()).contains("reset"), e.toString());
    }
  }

  private static final class Reader implements Flow.Subscriber<String> {
    private final BlockingQueue<String> values = new LinkedBlockingQueue<>();
    private Flow.Subscription subscription =
        new Flow.Subscription() {
          @Override
          public void request(long n) {}

          @Override
          public void cancel() {}
        };

    @Override
    public void onSubscribe(Flow.Subscription given) {
      subscription = given;
    }

    @Override
    public void onNext(String value) {
      values.add(value);
    }

    @Override
    public void onError(Throwable thrown) {}

    @Override
    public void onComplete() {}
  }
}
