package dev.finch.download;

import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * TLS as a client: trusts whom this JVM trusts and, beside them, the authorities of a file, such as
 * the one of a company whose proxy signs anew what passes. Made at the first connection that needs
 * it, because reading authorities takes a while. Thread-safe.
 */
final class Tls {

  private final @Nullable Path authorities;
  private @Nullable SSLContext context;

  /**
   * @param authorities certificates as PEM, or null for none but the JVM's
   */
  Tls(@Nullable Path authorities) {
    this.authorities = authorities;
  }

  /** An engine that accepts only a certificate of this host. */
  SSLEngine engine(String host, int port) {
    SSLEngine engine = context().createSSLEngine(host, port);
    engine.setUseClientMode(true);
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    engine.setSSLParameters(parameters);
    return engine;
  }

  private synchronized SSLContext context() {
    SSLContext known = context;
    if (known != null) {
      return known;
    }
    try {
      SSLContext made = SSLContext.getInstance("TLS");
      Path file = authorities;
      made.init(null, file == null ? null : trusting(file).getTrustManagers(), null);
      context = made;
      return made;
    } catch (IOException | GeneralSecurityException e) {
      throw new FinchException(
          Failure.permanent(
              FailureCode.SETTINGS_INVALID,
              Failure.sentence(
                  "The certificates in " + authorities + " cannot be used: " + e.getMessage()),
              "finch.download.ca-file or $SSL_CERT_FILE must name a file of PEM certificates."),
          e);
    }
  }

  private static TrustManagerFactory trusting(Path file)
      throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    int number = 0;
    for (Certificate certificate : certificates(file)) {
      store.setCertificateEntry("file-" + number++, certificate);
    }
    for (var manager : factory(null).getTrustManagers()) {
      if (manager instanceof X509TrustManager known) {
        for (Certificate certificate : known.getAcceptedIssuers()) {
          store.setCertificateEntry("jvm-" + number++, certificate);
        }
      }
    }
    return factory(store);
  }

  private static TrustManagerFactory factory(@Nullable KeyStore store)
      throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory;
  }

  private static Collection<? extends Certificate> certificates(Path file)
      throws IOException, GeneralSecurityException {
    try (InputStream input = Files.newInputStream(file)) {
      Collection<? extends Certificate> found =
          CertificateFactory.getInstance("X.509").generateCertificates(input);
      if (found.isEmpty()) {
        throw new IOException("there is none in it");
      }
      return found;
    }
  }
}
