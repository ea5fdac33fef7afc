package dev.finch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.finch.http.HttpFrontEnd;
import dev.finch.remote.RemoteFinch;
import dev.finch.runtime.FinchOptions;
import dev.finch.runtime.LocalFinch;
import dev.finch.streams.FinchSources;
import dev.finch.streams.StreamingFinch;
import java.io.IOException;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Every signature that others compile against stands in a file, so that none changes unseen. {@code
 * -Dsignatures.mode=write} writes it anew.
 */
final class ApiSignaturesTest {

  private static final Path FILE = Path.of("src", "api", "signatures.txt");

  /** As compiled: the class path of the whole build has jars. */
  private static final Path CLASSES = Path.of("target", "api", "classes");

  private static final List<String> PACKAGES =
      List.of("dev/finch", "dev/finch/failure", "dev/finch/model", "dev/finch/inference");

  /** Where whoever embeds Finch begins. */
  private static final List<Class<?>> ENTRIES =
      List.of(
          LocalFinch.class,
          FinchOptions.class,
          RemoteFinch.class,
          HttpFrontEnd.class,
          FinchSources.class,
          StreamingFinch.class);

  @Test
  void noSignatureChangesUnseen() throws Exception {
    String now = String.join("\n", signatures()) + "\n";
    if ("write".equals(System.getProperty("signatures.mode"))) {
      Files.writeString(FILE, now);
    }
    assertEquals(
        Files.exists(FILE) ? Files.readString(FILE) : "",
        now,
        "The API changed. Where that is meant, write it anew with `mvn -Dtest=ApiSignaturesTest"
            + " -Dsignatures.mode=write test`, and say in CHANGELOG.md what whoever compiles"
            + " against it has to change.");
  }

  private static List<String> signatures() throws Exception {
    TreeSet<String> lines = new TreeSet<>();
    for (Class<?> type : types()) {
      lines.add(header(type));
      String owner = type.getName();
      members(type)
          .filter(member -> isPublished((Member) member))
          .filter(member -> !(member instanceof Executable code) || !code.isSynthetic())
          .forEach(member -> lines.add(owner + ": " + signature(member)));
    }
    return List.copyOf(lines);
  }

  private static Stream<AnnotatedElement> members(Class<?> type) {
    return Stream.<AnnotatedElement[]>of(
            type.getDeclaredConstructors(), type.getDeclaredMethods(), type.getDeclaredFields())
        .flatMap(Arrays::stream);
  }

  private static String header(Class<?> type) {
    String kind = type.isRecord() ? "record" : type.isEnum() ? "enum" : "type";
    String parents =
        Stream.concat(
                Stream.ofNullable(type.getGenericSuperclass()),
                Arrays.stream(type.getGenericInterfaces()))
            .map(Object::toString)
            .collect(Collectors.joining(", "));
    String permitted =
        type.isSealed()
            ? " permits "
                + Arrays.stream(type.getPermittedSubclasses())
                    .map(Class::getName)
                    .collect(Collectors.joining(", "))
            : "";
    return type.getName()
        + " "
        + kind
        + " "
        + Modifier.toString(type.getModifiers() & ~Modifier.STATIC)
        + " extends "
        + parents
        + permitted;
  }

  private static String signature(AnnotatedElement member) {
    return switch (member) {
      case Constructor<?> constructor -> constructor.toGenericString();
      case Method method -> method.toGenericString();
      case Field field -> field.toGenericString();
      default -> throw new IllegalArgumentException(member.toString());
    };
  }

  private static boolean isPublished(Member member) {
    return Modifier.isPublic(member.getModifiers()) || Modifier.isProtected(member.getModifiers());
  }

  private static List<Class<?>> types() throws Exception {
    List<Class<?>> types = new ArrayList<>();
    for (String room : PACKAGES) {
      for (String name : classesIn(room)) {
        types.add(Class.forName(name));
      }
    }
    for (Class<?> entry : ENTRIES) {
      types.add(entry);
      Collections.addAll(types, entry.getDeclaredClasses());
    }
    types.removeIf(type -> !isVisible(type));
    return types;
  }

  private static boolean isVisible(Class<?> type) {
    return Modifier.isPublic(type.getModifiers())
        && !type.isAnonymousClass()
        && !type.isLocalClass()
        && (type.getDeclaringClass() == null || isVisible(type.getDeclaringClass()));
  }

  private static List<String> classesIn(String room) throws IOException {
    try (Stream<Path> files = Files.list(CLASSES.resolve(room))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".class") && !name.equals("package-info.class"))
          .map(name -> (room + "/" + name.substring(0, name.length() - 6)).replace('/', '.'))
          .toList();
    }
  }
}
