package dev.finch.runtime;

import com.typesafe.config.Config;
import dev.finch.claude.ClaudeSettings;
import dev.finch.claude.HttpProxy;
import dev.finch.download.DownloadSettings;
import dev.finch.settings.Section;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Whom Finch reaches, and where models lie, as the settings and the environment say.
 *
 * @param hub where models come from
 * @param modelCache where they lie
 * @param claude who answers until there is one
 */
public record ServiceEndpoints(Peer hub, Path modelCache, Peer claude) {

  /**
   * Somebody else on the network.
   *
   * @param proxy on the way there, not resolved, or null where the way is direct
   */
  public record Peer(URI address, @Nullable InetSocketAddress proxy) {}

  /**
   * Reads a resolved configuration and this process's environment.
   *
   * @throws dev.finch.failure.FinchException with {@code SETTINGS_INVALID}, naming the key
   */
  public static ServiceEndpoints of(Config config) {
    Section finch = Section.of(config, "finch");
    DownloadSettings download = DownloadSettings.from(finch.section("download"));
    ClaudeSettings claude = ClaudeSettings.from(finch.section("cloud"), System.getenv());
    return new ServiceEndpoints(
        new Peer(download.hub(), download.hubProxy()),
        download.cache(),
        new Peer(URI.create(claude.endpoint().toString()), address(claude.proxy())));
  }

  private static @Nullable InetSocketAddress address(@Nullable HttpProxy proxy) {
    return proxy == null ? null : InetSocketAddress.createUnresolved(proxy.host(), proxy.port());
  }
}
