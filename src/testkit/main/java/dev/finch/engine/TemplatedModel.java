package dev.finch.engine;

import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The demonstration model with a chat template of a test's own. */
public final class TemplatedModel {

  private static final String MODEL = "/dev/finch/models/tiny-chat-q8_0.gguf";
  private static final String KEY = "tokenizer.chat_template";

  /** A GGUF file's tensors begin at a multiple of this. */
  private static final int ALIGNMENT = 32;

  /** A length and the type of a value: a 64-bit and a 32-bit number. */
  private static final int LENGTH = 8;

  private static final int TYPE = 4;
  private static final String COMMENT = "{##}";

  private TemplatedModel() {}

  /** Writes the file; the built-in model has to be on the class path. */
  public static void write(Path file, String template) throws IOException {
    byte[] model = builtIn();
    int at = indexOf(model, KEY.getBytes(StandardCharsets.UTF_8)) + KEY.length() + TYPE;
    long length = ByteBuffer.wrap(model).order(ByteOrder.LITTLE_ENDIAN).getLong(at);
    byte[] text = padded(template, length % ALIGNMENT).getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(model, 0, at);
    out.writeBytes(
        ByteBuffer.allocate(LENGTH).order(ByteOrder.LITTLE_ENDIAN).putLong(text.length).array());
    out.writeBytes(text);
    int rest = Math.toIntExact(at + LENGTH + length);
    out.write(model, rest, model.length - rest);
    Files.write(file, out.toByteArray());
  }

  // What follows stays where it has to be if the new text is as long as the old one but for whole
  // steps. A comment renders as nothing, in front as well as behind.
  private static String padded(String template, long remainder) {
    int length = template.getBytes(StandardCharsets.UTF_8).length + COMMENT.length();
    int missing = Math.floorMod(remainder - length, ALIGNMENT);
    return "{#" + " ".repeat(missing) + "#}" + template;
  }

  private static byte[] builtIn() throws IOException {
    try (InputStream in = TemplatedModel.class.getResourceAsStream(MODEL)) {
      if (in == null) {
        throw new FileNotFoundException(MODEL);
      }
      return in.readAllBytes();
    }
  }

  private static int indexOf(byte[] bytes, byte[] part) {
    for (int at = 0; at + part.length <= bytes.length; at++) {
      int same = 0;
      while (same < part.length && bytes[at + same] == part[same]) {
        same++;
      }
      if (same == part.length) {
        return at;
      }
    }
    throw new IllegalArgumentException("no " + KEY);
  }
}
