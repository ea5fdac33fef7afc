package dev.finch.remote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import org.junit.jupiter.api.Test;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.flow.FlowPublisherVerification;
import org.testng.ITestContext;
import org.testng.ITestListener;
import org.testng.ITestResult;
import org.testng.TestNG;

/**
 * The publishers of a response, held to the Reactive Streams TCK with a real server behind them.
 */
final class PublisherTckTest {

  @Test
  void theLinesOfAResponseAreAReactiveStream() {
    Results results = run(Lines.class);
    assertEquals(List.of(), results.failed);
    assertTrue(results.passed >= 25, results.passed + " passed");
  }

  @Test
  void aSingleValueIsAReactiveStream() {
    Results results = run(One.class);
    assertEquals(List.of(), results.failed);
    assertTrue(results.passed >= 10, results.passed + " passed");
  }

  private static Results run(Class<?> verification) {
    Results results = new Results();
    TestNG runner = new TestNG(false);
    runner.setTestClasses(new Class<?>[] {verification});
    runner.addListener(results);
    runner.setVerbose(0);
    runner.run();
    return results;
  }

  private static final class Results implements ITestListener {
    private final List<String> failed = new ArrayList<>();
    private int passed;

    @Override
    public void onTestSuccess(ITestResult result) {
      passed++;
    }

    @Override
    public void onTestFailure(ITestResult result) {
      failed.add(result.getName() + ": " + result.getThrowable());
    }

    @Override
    public void onFinish(ITestContext context) {
      context.getFailedConfigurations().getAllResults().forEach(this::onTestFailure);
    }
  }

  /** Run by TestNG only, which makes it. */
  public static final class Lines extends FlowPublisherVerification<String> {
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer server;
    private final ServerCalls calls;

    public Lines() throws IOException {
      super(new TestEnvironment(2_000, 200));
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.setExecutor(threads);
      server.createContext(
          "/",
          exchange -> {
            long lines = Long.parseLong(exchange.getRequestURI().getQuery());
            exchange.sendResponseHeaders(200, 0);
            try (OutputStream out = exchange.getResponseBody()) {
              for (long i = 0; i < lines; i++) {
                out.write(("line " + i + "\n").getBytes(StandardCharsets.UTF_8));
              }
            } catch (IOException _) {
              // The subscriber has left.
            }
            exchange.close();
          });
      server.start();
      URI url = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
      calls = new ServerCalls(ServerAddress.of(url, false, InetAddress::getAllByName), null, null);
    }

    @Override
    public Flow.Publisher<String> createFlowPublisher(long elements) {
      return calls.lines(() -> calls.get("/?" + elements), () -> line -> line);
    }

    /** One that fails before it is asked for anything: these fail where they are asked. */
    @Override
    public Flow.Publisher<String> createFailedFlowPublisher() {
      return null;
    }

    @Override
    public long maxElementsFromPublisher() {
      return 1_000_000;
    }

    @org.testng.annotations.AfterClass
    public void stop() {
      calls.close();
      server.stop(0);
      threads.close();
    }
  }

  /** Run by TestNG only, which makes it. */
  public static final class One extends FlowPublisherVerification<String> {

    public One() {
      super(new TestEnvironment(2_000, 200));
    }

    @Override
    public Flow.Publisher<String> createFlowPublisher(long elements) {
      return new SingleValuePublisher<>("one");
    }

    @Override
    public Flow.Publisher<String> createFailedFlowPublisher() {
      return null;
    }

    @Override
    public long maxElementsFromPublisher() {
      return 1;
    }
  }
}
