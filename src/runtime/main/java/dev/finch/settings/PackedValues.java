package dev.finch.settings;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Settings without substitutions in a form that a cold JVM reads many times faster than text. Read
 * by the build that wrote it and by no other.
 */
final class PackedValues {

  private PackedValues() {}

  static void write(ConfigValue value, DataOutput out) throws IOException {
    switch (value.valueType()) {
      case OBJECT -> {
        ConfigObject object = (ConfigObject) value;
        out.writeByte('{');
        out.writeShort(object.size());
        for (Map.Entry<String, ConfigValue> entry : new TreeMap<>(object).entrySet()) {
          out.writeUTF(entry.getKey());
          write(entry.getValue(), out);
        }
      }
      case LIST -> {
        ConfigList list = (ConfigList) value;
        out.writeByte('[');
        out.writeShort(list.size());
        for (ConfigValue element : list) {
          write(element, out);
        }
      }
      case STRING -> {
        out.writeByte('"');
        out.writeUTF((String) value.unwrapped());
      }
      case BOOLEAN -> out.writeByte(value.unwrapped().equals(true) ? 't' : 'f');
      case NUMBER -> number((Number) value.unwrapped(), out);
      case NULL -> out.writeByte('0');
    }
  }

  private static void number(Number number, DataOutput out) throws IOException {
    switch (number) {
      case Integer i -> {
        out.writeByte('i');
        out.writeInt(i);
      }
      case Long l -> {
        out.writeByte('l');
        out.writeLong(l);
      }
      default -> {
        out.writeByte('d');
        out.writeDouble(number.doubleValue());
      }
    }
  }

  /**
   * Reads a whole tree.
   *
   * @param origin what its values give as their origin
   */
  static Config read(InputStream in, String origin) throws IOException {
    // Whole and at once: a stream out of a jar costs a call for every byte.
    try (var data = new DataInputStream(new ByteArrayInputStream(in.readAllBytes()))) {
      if (value(data) instanceof Map<?, ?> map) {
        @SuppressWarnings("unchecked")
        Map<String, ?> values = (Map<String, ?>) map;
        return ConfigValueFactory.fromMap(values, origin).toConfig();
      }
      throw new IOException(origin + " holds no settings");
    }
  }

  private static @Nullable Object value(DataInputStream in) throws IOException {
    int kind = in.readUnsignedByte();
    return switch (kind) {
      case '{' -> {
        int size = in.readUnsignedShort();
        Map<String, @Nullable Object> map = HashMap.newHashMap(size);
        for (int i = 0; i < size; i++) {
          map.put(in.readUTF(), value(in));
        }
        yield map;
      }
      case '[' -> {
        int size = in.readUnsignedShort();
        List<@Nullable Object> list = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
          list.add(value(in));
        }
        yield list;
      }
      case '"' -> in.readUTF();
      case 't' -> true;
      case 'f' -> false;
      case 'i' -> in.readInt();
      case 'l' -> in.readLong();
      case 'd' -> in.readDouble();
      case '0' -> null;
      default -> throw new IOException("no kind of value: " + kind);
    };
  }
}
