package dev.finch.build.start;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Makes a jar with copies of classes that start faster: {@code StartClasses CLASSPATH JAR VERSION
 * TIMESTAMP PACKAGE...}.
 *
 * <p>A lambda, a switch over types and a text put together are generated when they are first
 * reached, and no class archive can hold lambdas that are serializable, as all of Scala's are. In
 * the copies they are ordinary classes and methods, which archives hold. The copies stand before
 * the originals on the distribution's class path and do the same; without them everything works and
 * starts later.
 */
final class StartClasses {

  private static final String NOTICE =
      """
      Copies of classes of Finch, Apache Pekko (https://pekko.apache.org) and the Scala standard
      library (https://www.scala-lang.org), all under the Apache License 2.0, and of JLine
      (https://jline.org), under the license below. They were changed: lambdas, switches over types
      and texts put together are classes and methods of their own, JLine's loggers come from Finch,
      and Pekko's log on stdout is in UTC. The unchanged classes lie in the other jars.

      JLine: Copyright (c) 2002-2025, the original author or authors. All rights reserved.

      Redistribution and use in source and binary forms, with or without modification, are
      permitted provided that the following conditions are met:

      Redistributions of source code must retain the above copyright notice, this list of
      conditions and the following disclaimer.

      Redistributions in binary form must reproduce the above copyright notice, this list of
      conditions and the following disclaimer in the documentation and/or other materials provided
      with the distribution.

      Neither the name of JLine nor the names of its contributors may be used to endorse or promote
      products derived from this software without specific prior written permission.

      THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS AND CONTRIBUTORS "AS IS" AND ANY EXPRESS
      OR IMPLIED WARRANTIES, INCLUDING, BUT NOT LIMITED TO, THE IMPLIED WARRANTIES OF
      MERCHANTABILITY AND FITNESS FOR A PARTICULAR PURPOSE ARE DISCLAIMED. IN NO EVENT SHALL THE
      COPYRIGHT OWNER OR CONTRIBUTORS BE LIABLE FOR ANY DIRECT, INDIRECT, INCIDENTAL, SPECIAL,
      EXEMPLARY, OR CONSEQUENTIAL DAMAGES (INCLUDING, BUT NOT LIMITED TO, PROCUREMENT OF SUBSTITUTE
      GOODS OR SERVICES; LOSS OF USE, DATA, OR PROFITS; OR BUSINESS INTERRUPTION) HOWEVER CAUSED AND
      ON ANY THEORY OF LIABILITY, WHETHER IN CONTRACT, STRICT LIABILITY, OR TORT (INCLUDING
      NEGLIGENCE OR OTHERWISE) ARISING IN ANY WAY OUT OF THE USE OF THIS SOFTWARE, EVEN IF ADVISED
      OF THE POSSIBILITY OF SUCH DAMAGE.
      """;

  private final List<String> packages;
  private final ClassFile classFile;
  private final PlainCode code;
  private final List<byte[]> originals = new ArrayList<>();

  private StartClasses(List<String> packages, URLClassLoader classPath) {
    this.packages = packages;
    ClassHierarchyResolver resolver =
        ClassHierarchyResolver.ofResourceParsing(classPath)
            .orElse(ClassHierarchyResolver.defaultResolver())
            .cached(ConcurrentHashMap::new);
    classFile = ClassFile.of(ClassFile.ClassHierarchyResolverOption.of(resolver));
    code = new PlainCode(classFile, classPath);
  }

  public static void main(String[] args) throws IOException {
    List<Path> classPath = Stream.of(args[0].split(File.pathSeparator, -1)).map(Path::of).toList();
    try (URLClassLoader loader = new URLClassLoader(urls(classPath), null)) {
      StartClasses classes = new StartClasses(List.of(args).subList(4, args.length), loader);
      for (Path part : classPath) {
        if (Files.isDirectory(part)) {
          classes.directory(part);
        } else if (Files.exists(part)) {
          classes.jar(part);
        }
      }
      Map<String, byte[]> copies = classes.copies();
      write(copies, Path.of(args[1]), args[2], Instant.parse(args[3]));
      System.out.println(copies.size() + " classes, " + classes.code.summary());
    }
  }

  private static URL[] urls(List<Path> classPath) throws MalformedURLException {
    List<URL> urls = new ArrayList<>();
    for (Path part : classPath) {
      urls.add(part.toUri().toURL());
    }
    return urls.toArray(URL[]::new);
  }

  private void directory(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        String name = root.relativize(file).toString();
        if (wanted(name)) {
          originals.add(Files.readAllBytes(file));
        }
      }
    }
  }

  private void jar(Path file) throws IOException {
    try (ZipFile jar = new ZipFile(file.toFile())) {
      for (Enumeration<? extends ZipEntry> all = jar.entries(); all.hasMoreElements(); ) {
        ZipEntry entry = all.nextElement();
        if (wanted(entry.getName())) {
          try (InputStream in = jar.getInputStream(entry)) {
            originals.add(in.readAllBytes());
          }
        }
      }
    }
  }

  private boolean wanted(String name) {
    return name.endsWith(".class") && packages.stream().anyMatch(name::startsWith);
  }

  private Map<String, byte[]> copies() {
    Map<String, byte[]> all = new ConcurrentSkipListMap<>();
    originals.parallelStream().map(classFile::parse).map(code::of).forEach(all::putAll);
    all.entrySet().parallelStream().forEach(copy -> check(copy.getKey(), copy.getValue()));
    return all;
  }

  private void check(String name, byte[] bytes) {
    List<VerifyError> errors = classFile.verify(bytes);
    if (!errors.isEmpty()) {
      throw new IllegalStateException("the copy of " + name + " is no valid class: " + errors);
    }
  }

  // Sorted and with one time: the same classes make the same bytes.
  private static void write(Map<String, byte[]> copies, Path jar, String version, Instant time)
      throws IOException {
    Manifest manifest = new Manifest();
    Attributes attributes = manifest.getMainAttributes();
    attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    attributes.put(Attributes.Name.IMPLEMENTATION_VERSION, version);
    attributes.putValue("Automatic-Module-Name", "dev.finch.start");
    Files.createDirectories(jar.toAbsolutePath().getParent());
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(jar))) {
      out.putNextEntry(entry(JarFile.MANIFEST_NAME, time));
      manifest.write(out);
      out.putNextEntry(entry("META-INF/NOTICE", time));
      out.write(NOTICE.getBytes(StandardCharsets.UTF_8));
      for (Map.Entry<String, byte[]> copy : copies.entrySet()) {
        out.putNextEntry(entry(copy.getKey() + ".class", time));
        out.write(copy.getValue());
      }
    }
  }

  private static ZipEntry entry(String name, Instant time) {
    ZipEntry entry = new ZipEntry(name);
    entry.setTimeLocal(LocalDateTime.ofInstant(time, ZoneOffset.UTC));
    return entry;
  }
}
