package dev.finch.http;

import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.apache.pekko.http.javadsl.ConnectionContext;
import org.apache.pekko.http.javadsl.HttpsConnectionContext;

/** TLS from a PEM certificate chain and a PKCS #8 key (RFC 7468), as ACME clients write them. */
final class PemTls {

  private static final Pattern KEY =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");

  private PemTls() {}

  static HttpsConnectionContext context(HttpSettings.Tls tls) {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setKeyEntry("finch", key(tls.key()), new char[0], chain(tls.certificate()));
      KeyManagerFactory managers =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      managers.init(store, new char[0]);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(managers.getKeyManagers(), null, null);
      return ConnectionContext.httpsServer(context);
    } catch (GeneralSecurityException | IOException e) {
      throw invalid("finch.http.tls cannot be used: " + e.getMessage() + ".", e);
    }
  }

  private static Certificate[] chain(Path file) throws IOException, GeneralSecurityException {
    byte[] pem = bytes("finch.http.tls.certificate", file);
    var certificates =
        CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(pem));
    if (certificates.isEmpty()) {
      throw invalid("finch.http.tls.certificate: " + file + " holds no certificate.", null);
    }
    return certificates.toArray(Certificate[]::new);
  }

  private static PrivateKey key(Path file) throws IOException, GeneralSecurityException {
    String pem = new String(bytes("finch.http.tls.key", file), StandardCharsets.US_ASCII);
    Matcher matcher = KEY.matcher(pem);
    if (!matcher.find()) {
      throw invalid(
          "finch.http.tls.key: " + file + " holds no `BEGIN PRIVATE KEY` (PKCS #8).", null);
    }
    var spec = new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(matcher.group(1)));
    for (String algorithm : List.of("RSA", "EC", "EdDSA")) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(spec);
      } catch (InvalidKeySpecException _) {
        // Not of this algorithm; the next one is tried.
      }
    }
    throw invalid("finch.http.tls.key: " + file + " is neither an RSA, EC nor Ed25519 key.", null);
  }

  private static byte[] bytes(String setting, Path file) throws IOException {
    if (!Files.isReadable(file)) {
      throw invalid(setting + ": " + file + " cannot be read.", null);
    }
    return Files.readAllBytes(file);
  }

  private static FinchException invalid(
      String message, @org.jspecify.annotations.Nullable Throwable cause) {
    Failure failure =
        Failure.permanent(
            FailureCode.SETTINGS_INVALID,
            message,
            "`openssl pkcs8 -topk8 -nocrypt -in old.pem -out key.pem` turns older key forms into"
                + " PKCS #8.");
    return cause == null ? new FinchException(failure) : new FinchException(failure, cause);
  }
}
