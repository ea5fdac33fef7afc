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
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** TLS from a PEM certificate chain and a PKCS #8 key (RFC 7468), as ACME clients write them. */
final class PemTls {

  private static final String CERTIFICATE = "finch.http.tls.certificate";
  private static final String KEY_SETTING = "finch.http.tls.key";
  private static final Pattern KEY =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");

  private PemTls() {}

  static SSLContext context(HttpSettings.Tls tls) {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      PrivateKey key = key(tls.key());
      Certificate[] chain = chain(tls.certificate());
      requirePair(tls, key, chain[0]);
      store.setKeyEntry("finch", key, new char[0], chain);
      KeyManagerFactory managers =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      managers.init(store, new char[0]);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(managers.getKeyManagers(), null, null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw invalid(Failure.sentence("finch.http.tls cannot be used: " + e.getMessage()), e);
    }
  }

  private static Certificate[] chain(Path file) throws IOException, GeneralSecurityException {
    byte[] pem = bytes(CERTIFICATE, file);
    try {
      var chain =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(pem));
      if (!chain.isEmpty()) {
        return chain.toArray(Certificate[]::new);
      }
      throw invalid(CERTIFICATE + ": " + file + " holds no certificate.", null);
    } catch (CertificateException e) {
      throw invalid(CERTIFICATE + ": " + file + " holds no readable certificate.", e);
    }
  }

  /** A stranger's key would be noticed only by each client, as a failed handshake. */
  private static void requirePair(HttpSettings.Tls tls, PrivateKey key, Certificate certificate)
      throws GeneralSecurityException {
    String algorithm =
        switch (key.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> "EdDSA";
        };
    byte[] proof = {1, 2, 3};
    boolean pair;
    try {
      Signature signer = Signature.getInstance(algorithm);
      signer.initSign(key);
      signer.update(proof);
      Signature verifier = Signature.getInstance(algorithm);
      verifier.initVerify(certificate.getPublicKey());
      verifier.update(proof);
      pair = verifier.verify(signer.sign());
    } catch (InvalidKeyException _) {
      pair = false; // of different algorithms
    }
    if (!pair) {
      throw invalid(
          KEY_SETTING + ": " + tls.key() + " is not the key of " + tls.certificate() + ".", null);
    }
  }

  private static PrivateKey key(Path file) throws IOException, GeneralSecurityException {
    String pem = new String(bytes(KEY_SETTING, file), StandardCharsets.US_ASCII);
    Matcher matcher = KEY.matcher(pem);
    if (!matcher.find()) {
      throw invalid(KEY_SETTING + ": " + file + " holds no `BEGIN PRIVATE KEY` (PKCS #8).", null);
    }
    var spec = new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(matcher.group(1)));
    for (String algorithm : List.of("RSA", "EC", "EdDSA")) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(spec);
      } catch (InvalidKeySpecException _) {
        // Not of this algorithm; the next one is tried.
      }
    }
    throw invalid(KEY_SETTING + ": " + file + " is neither an RSA, EC nor Ed25519 key.", null);
  }

  private static byte[] bytes(String setting, Path file) throws IOException {
    if (!Files.isReadable(file)) {
      throw invalid(setting + ": " + file + " cannot be read.", null);
    }
    return Files.readAllBytes(file);
  }

  private static FinchException invalid(String message, @Nullable Throwable cause) {
    Failure failure =
        Failure.permanent(
            FailureCode.SETTINGS_INVALID,
            message,
            "`openssl pkcs8 -topk8 -nocrypt -in old.pem -out key.pem` turns older key forms into"
                + " PKCS #8.");
    return cause == null ? new FinchException(failure) : new FinchException(failure, cause);
  }
}
