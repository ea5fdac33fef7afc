package dev.finch.build.start;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.lang.constant.ClassDesc;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.reflect.AccessFlag;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Whether a class beside another may call what that one's lambda calls. */
final class AccessCheck {

  enum Kind {
    /** It may. */
    OPEN,
    /** Only the class with the lambda itself may. */
    OWN,
    /** That is not known. */
    NONE
  }

  private final ClassFile classFile;
  private final ClassLoader classPath;
  private final Map<ClassDesc, ClassModel> models = new ConcurrentHashMap<>();

  AccessCheck(ClassFile classFile, ClassLoader classPath) {
    this.classFile = classFile;
    this.classPath = classPath;
  }

  Kind to(DirectMethodHandleDesc target, ClassModel host) {
    ClassDesc from = host.thisClass().asSymbol();
    if (target.owner().isArray()) {
      return Kind.NONE;
    }
    for (ClassModel owner = find(target.owner(), host); owner != null; owner = parent(owner)) {
      ClassDesc type = owner.thisClass().asSymbol();
      boolean near = type.packageName().equals(from.packageName());
      if (!near && !owner.flags().has(AccessFlag.PUBLIC)) {
        return Kind.NONE;
      }
      for (MethodModel method : owner.methods()) {
        if (method.methodName().equalsString(target.methodName())
            && method.methodType().equalsString(target.lookupDescriptor())) {
          return kind(method, near, nest(owner).equals(nest(host)));
        }
      }
      if (target.isOwnerInterface()) {
        return Kind.OPEN; // inherited from another interface, whose methods are public
      }
    }
    return Kind.NONE;
  }

  private static Kind kind(MethodModel method, boolean near, boolean nested) {
    if (method.flags().has(AccessFlag.PUBLIC)) {
      return Kind.OPEN;
    }
    if (method.flags().has(AccessFlag.PRIVATE)) {
      return nested ? Kind.OWN : Kind.NONE;
    }
    return near ? Kind.OPEN : Kind.NONE;
  }

  /** The class within which all see each other's private parts. */
  private static ClassDesc nest(ClassModel model) {
    return model
        .findAttribute(Attributes.nestHost())
        .map(host -> host.nestHost().asSymbol())
        .orElse(model.thisClass().asSymbol());
  }

  private @Nullable ClassModel parent(ClassModel model) {
    return model.superclass().map(parent -> find(parent.asSymbol(), model)).orElse(null);
  }

  private @Nullable ClassModel find(ClassDesc type, ClassModel host) {
    if (type.equals(host.thisClass().asSymbol())) {
      return host;
    }
    ClassModel known = models.get(type);
    if (known != null) {
      return known;
    }
    ClassModel read = read(type);
    if (read != null) {
      models.put(type, read);
    }
    return read;
  }

  private @Nullable ClassModel read(ClassDesc type) {
    String descriptor = type.descriptorString();
    String file = descriptor.substring(1, descriptor.length() - 1) + ".class";
    try (InputStream own = classPath.getResourceAsStream(file);
        InputStream in = own == null ? ClassLoader.getSystemResourceAsStream(file) : own) {
      return in == null ? null : classFile.parse(in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
