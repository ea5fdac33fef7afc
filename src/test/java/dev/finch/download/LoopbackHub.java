package dev.finch.download;

import static java.util.Objects.requireNonNull;

import dev.finch.model.ModelFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/**
 * A Hub on 127.0.0.1 and its CDN on 127.0.0.2, on real sockets, that speak the Hub's protocol and
 * can do everything that goes wrong with it.
 *
 * <p>As a process of its own: {@code LoopbackHub DIRECTORY [--latency-ms N] [--rate BYTES]} serves
 * every {@code DIRECTORY/org/repo/**}, and prints {@code endpoint http://127.0.0.1:PORT} when it is
 * ready. It ends when its standard input does.
 */
public final class LoopbackHub implements AutoCloseable {

  /** Where a fault can strike. */
  public enum Place {
    API,
    RESOLVE,
    CDN
  }

  /** A request that came; the host is the loopback address that it came to. */
  public record Seen(
      String host, String method, String target, Map<String, String> headers, int status) {}

  /** A repository at one commit. */
  static final class Repository {
    final String id;
    final String commit;
    final Map<String, Content> files = new TreeMap<>();
    final Map<String, String> refs = new ConcurrentHashMap<>();
    volatile boolean gated;
    volatile boolean hidden;

    Repository(String id, String commit) {
      this.id = id;
      this.commit = commit;
      refs.put("main", commit);
    }
  }

  private static final Duration FOREVER = Duration.ofHours(1);

  final Map<String, Repository> repositories = new ConcurrentHashMap<>();
  final Map<String, Content> blobs = new ConcurrentHashMap<>();
  final List<Seen> seen = new CopyOnWriteArrayList<>();
  final AtomicLong bodyBytes = new AtomicLong();
  private final AtomicInteger bodiesNow = new AtomicInteger();
  private final AtomicInteger mostBodies = new AtomicInteger();
  final Set<String> tokens = ConcurrentHashMap.newKeySet();
  volatile Duration ttl = FOREVER;
  volatile Duration latency = Duration.ZERO;
  volatile long connectionRate;
  volatile int pageSize = 1000;
  volatile Function<HttpConnection.Request, Fault> cdnBehaviour = _ -> Fault.NONE;

  private final Map<Place, Deque<Fault>> faults = new EnumMap<>(Place.class);
  private final Set<SocketChannel> open = ConcurrentHashMap.newKeySet();
  private final ServerSocketChannel hubSocket;
  private final ServerSocketChannel cdnSocket;
  private final String endpoint;
  private volatile String cdn;

  private LoopbackHub() throws IOException {
    for (Place place : Place.values()) {
      faults.put(place, new ConcurrentLinkedDeque<>());
    }
    hubSocket =
        listen(
            "127.0.0.1",
            (connection, request) -> new HubAnswers(this, connection, request).answer());
    cdnSocket =
        listen(
            "127.0.0.2", (connection, request) -> new CdnAnswers(this).answer(connection, request));
    endpoint = address(hubSocket);
    cdn = address(cdnSocket);
  }

  public static LoopbackHub start() {
    try {
      return new LoopbackHub();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What {@code HF_ENDPOINT} has to be. */
  public String endpoint() {
    return endpoint;
  }

  public String cdn() {
    return cdn;
  }

  /** Sends clients to another address of the CDN, such as that of a {@link TlsFront}. */
  public LoopbackHub redirectTo(String origin) {
    cdn = origin;
    return this;
  }

  /** Serves a file as part of a repository; large files are LFS files, as on the Hub. */
  public LoopbackHub serve(String repository, String path, Path file) {
    Content content = Content.of(file);
    Repository served =
        repositories.computeIfAbsent(repository, id -> new Repository(id, commitFor(id)));
    served.files.put(path, content);
    blobs.put(content.sha256(), content);
    return this;
  }

  public LoopbackHub gate(String repository) {
    repository(repository).gated = true;
    return this;
  }

  public LoopbackHub hide(String repository) {
    repository(repository).hidden = true;
    return this;
  }

  /** Where any token is known, others are refused. */
  public LoopbackHub accept(String token) {
    tokens.add(token);
    return this;
  }

  /** The next answers at a place go wrong, one fault for each. */
  public LoopbackHub fail(Place place, Fault... next) {
    requireNonNull(faults.get(place)).addAll(List.of(next));
    return this;
  }

  /** All answers of the CDN for which no fault was set are decided by this. */
  public LoopbackHub cdnBehaves(Function<HttpConnection.Request, Fault> behaviour) {
    cdnBehaviour = behaviour;
    return this;
  }

  /** As {@link #cdnBehaves}, whatever was asked. */
  public LoopbackHub cdnAlways(Fault fault) {
    return cdnBehaves(_ -> fault);
  }

  /** How long signed addresses are good for. */
  public LoopbackHub signFor(Duration time) {
    ttl = time;
    return this;
  }

  /** Every answer comes so much later, and every CDN connection gives so many bytes a second. */
  public LoopbackHub slowNetwork(Duration delay, long bytesPerSecond) {
    latency = delay;
    connectionRate = bytesPerSecond;
    return this;
  }

  public LoopbackHub pageSize(int entries) {
    pageSize = entries;
    return this;
  }

  public String commit(String repository) {
    return repository(repository).commit;
  }

  public Content content(String repository, String path) {
    return requireNonNull(repository(repository).files.get(path), path);
  }

  /** The file as a catalogue would know it. */
  public ModelFile modelFile(String repository, String path) {
    Content content = content(repository, path);
    return new ModelFile(
        path, OptionalLong.of(content.size()), Optional.ofNullable(content.sha256()));
  }

  public List<Seen> requests() {
    return List.copyOf(seen);
  }

  public List<Seen> requestsTo(Place place) {
    return seen.stream().filter(one -> placeOf(one.host(), one.target()) == place).toList();
  }

  /** Bytes of file bodies that the CDN has written to its sockets. */
  public long bodyBytes() {
    return bodyBytes.get();
  }

  /** The most bodies that the CDN sent at once. */
  public int mostConnections() {
    return mostBodies.get();
  }

  void bodyBegins() {
    mostBodies.accumulateAndGet(bodiesNow.incrementAndGet(), Math::max);
  }

  void bodyEnds() {
    bodiesNow.decrementAndGet();
  }

  public LoopbackHub forget() {
    seen.clear();
    bodyBytes.set(0);
    return this;
  }

  /** Cuts every connection that is open now. */
  public void cutAll() {
    for (SocketChannel socket : open) {
      closeQuietly(socket);
    }
  }

  private Repository repository(String id) {
    return requireNonNull(repositories.get(id), id);
  }

  Fault next(Place place, HttpConnection.Request request) {
    Fault fault = requireNonNull(faults.get(place)).poll();
    return fault != null ? fault : place == Place.CDN ? cdnBehaviour.apply(request) : Fault.NONE;
  }

  static Place placeOf(String host, String target) {
    if (host.equals("127.0.0.2")) {
      return Place.CDN;
    }
    return target.startsWith("/api/") ? Place.API : Place.RESOLVE;
  }

  @Override
  public void close() {
    closeQuietly(hubSocket);
    closeQuietly(cdnSocket);
    cutAll();
  }

  /** Answers one request; false where the connection is of no more use. */
  interface Answers {
    boolean answer(HttpConnection connection, HttpConnection.Request request)
        throws IOException, InterruptedException;
  }

  private ServerSocketChannel listen(String host, Answers answers) throws IOException {
    ServerSocketChannel server = ServerSocketChannel.open();
    server.bind(new InetSocketAddress(InetAddress.getByName(host), 0), 256);
    Thread.ofPlatform()
        .daemon()
        .name("loopback-" + host)
        .start(
            () -> {
              while (server.isOpen()) {
                try {
                  SocketChannel socket = server.accept();
                  open.add(socket);
                  Thread.ofPlatform().daemon().start(() -> serve(socket, answers));
                } catch (IOException e) {
                  return;
                }
              }
            });
    return server;
  }

  private void serve(SocketChannel socket, Answers answers) {
    try (HttpConnection connection = new HttpConnection(socket)) {
      for (var request = connection.read(); request != null; request = connection.read()) {
        if (!latency.isZero()) {
          Thread.sleep(latency);
        }
        if (!answers.answer(connection, request)) {
          return;
        }
      }
    } catch (IOException e) {
      // The client went away; that is its right.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      open.remove(socket);
    }
  }

  static String commitFor(String id) {
    return String.format(
            "%040x",
            new java.math.BigInteger(1, id.getBytes(java.nio.charset.StandardCharsets.UTF_8)))
        .substring(0, 40)
        .replace(' ', '0');
  }

  private static String address(ServerSocketChannel socket) throws IOException {
    InetSocketAddress at = (InetSocketAddress) socket.getLocalAddress();
    return "http://" + at.getAddress().getHostAddress() + ":" + at.getPort();
  }

  private static void closeQuietly(AutoCloseable closeable) {
    try {
      closeable.close();
    } catch (Exception e) {
      // Closed is closed.
    }
  }

  public static void main(String[] args) throws IOException {
    Path root = Path.of(args[0]);
    try (LoopbackHub hub = start()) {
      List<Path> files = new ArrayList<>();
      try (var walk = Files.walk(root)) {
        walk.filter(Files::isRegularFile).forEach(files::add);
      }
      for (Path file : files) {
        String[] names = root.relativize(file).toString().split("/", 3);
        if (names.length == 3) {
          hub.serve(names[0] + "/" + names[1], names[2], file);
        }
      }
      for (int i = 1; i + 1 < args.length; i += 2) {
        switch (args[i]) {
          case "--latency-ms" -> hub.latency = Duration.ofMillis(Long.parseLong(args[i + 1]));
          case "--rate" -> hub.connectionRate = Long.parseLong(args[i + 1]);
          default -> throw new IllegalArgumentException(args[i]);
        }
      }
      System.out.println("endpoint " + hub.endpoint());
      while (System.in.read() >= 0) {
        // Lives as long as whoever started it.
      }
    }
  }
}
