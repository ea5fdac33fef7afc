package dev.finch.build.start;

import static java.lang.classfile.ClassFile.ACC_PRIVATE;
import static java.lang.classfile.ClassFile.ACC_PUBLIC;
import static java.lang.classfile.ClassFile.ACC_STATIC;
import static java.lang.classfile.ClassFile.ACC_SYNTHETIC;

import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.AccessFlag;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Classes with calls of plain methods in place of what is linked at run time, and with an answer in
 * place of two searches. Thread-safe.
 */
final class PlainCode {

  private static final ClassDesc LAMBDAS = ClassDesc.of("java.lang.invoke.LambdaMetafactory");
  private static final ClassDesc SWITCHES = ClassDesc.of("java.lang.runtime.SwitchBootstraps");
  private static final ClassDesc TEXTS = ClassDesc.of("java.lang.invoke.StringConcatFactory");
  private static final ClassDesc SYSTEM = ClassDesc.of("java.lang.System");
  private static final ClassDesc ZONES = ClassDesc.of("java.time.ZoneId");
  private static final ClassDesc OFFSETS = ClassDesc.of("java.time.ZoneOffset");
  private static final String HELPERS = "org/apache/pekko/util/Helpers$";
  private static final ClassDesc LOGS = ClassDesc.of("dev.finch.cli.launch.SystemLog");

  private final ClassFile classFile;
  private final AccessCheck access;
  private final LongAdder lambdas = new LongAdder();
  private final LongAdder switches = new LongAdder();
  private final LongAdder texts = new LongAdder();
  private final LongAdder left = new LongAdder();

  PlainCode(ClassFile classFile, ClassLoader classPath) {
    this.classFile = classFile;
    this.access = new AccessCheck(classFile, classPath);
  }

  String summary() {
    return "%s lambdas, %s switches and %s texts made plain, %s left"
        .formatted(lambdas, switches, texts, left);
  }

  /** The copy of a class with the classes that it needs, by name; empty where it has nothing. */
  Map<String, byte[]> of(ClassModel model) {
    Host host = new Host(model);
    byte[] copy = classFile.transformClass(model, host.transform());
    if (host.unchanged()) {
      return Map.of();
    }
    Map<String, byte[]> all = new LinkedHashMap<>();
    all.put(host.name, copy);
    all.putAll(host.classes);
    return all;
  }

  /** A class on its way. */
  private final class Host {

    private final ClassModel model;
    private final String name;
    private final boolean anInterface;
    private final Map<String, byte[]> classes = new LinkedHashMap<>();
    private final List<Consumer<ClassBuilder>> methods = new ArrayList<>();
    private boolean answered;

    Host(ClassModel model) {
      this.model = model;
      this.name = model.thisClass().asInternalName();
      this.anInterface = model.flags().has(AccessFlag.INTERFACE);
    }

    boolean unchanged() {
      return classes.isEmpty() && methods.isEmpty() && !answered;
    }

    ClassTransform transform() {
      return ClassTransform.transformingMethodBodies(this::replace)
          .andThen(ClassTransform.endHandler(all -> methods.forEach(method -> method.accept(all))));
    }

    private void replace(CodeBuilder code, CodeElement element) {
      boolean replaced =
          switch (element) {
            case InvokeDynamicInstruction call -> linked(code, call);
            case InvokeInstruction call -> searching(code, call);
            default -> false;
          };
      if (!replaced) {
        code.with(element);
      }
    }

    private boolean linked(CodeBuilder code, InvokeDynamicInstruction call) {
      ClassDesc factory = call.bootstrapMethod().owner();
      if (factory.equals(LAMBDAS)) {
        return lambda(code, call);
      }
      if (factory.equals(SWITCHES)) {
        TypeSwitch made = TypeSwitch.of(call);
        return method(code, call, made == null ? null : made::write, switches);
      }
      if (factory.equals(TEXTS)) {
        Concatenation made = Concatenation.of(call);
        return method(code, call, made == null ? null : made::write, texts);
      }
      return false;
    }

    // Both would have the JDK search every jar: for who makes loggers, and for more time zones.
    // Pekko's is that of a log on stdout, which Finch has switched off.
    private boolean searching(CodeBuilder code, InvokeInstruction call) {
      if (called(call, SYSTEM, "getLogger", 1)) {
        code.invokestatic(LOGS, "named", call.typeSymbol());
      } else if (name.equals(HELPERS) && called(call, ZONES, "systemDefault", 0)) {
        code.getstatic(OFFSETS, "UTC", OFFSETS);
      } else {
        return false;
      }
      answered = true;
      return true;
    }

    private static boolean called(
        InvokeInstruction call, ClassDesc owner, String method, int arguments) {
      return call.owner().asSymbol().equals(owner)
          && call.name().equalsString(method)
          && call.typeSymbol().parameterCount() == arguments;
    }

    private boolean lambda(CodeBuilder code, InvokeDynamicInstruction call) {
      PlainLambda lambda = new PlainLambda(model, call, name + "$$Plain" + classes.size());
      switch (access.to(lambda.target(), model)) {
        case OPEN -> {}
        case OWN -> {
          String bridge = "plain$" + methods.size();
          int flags = ACC_STATIC | ACC_SYNTHETIC | (anInterface ? ACC_PUBLIC : 0);
          MethodTypeDesc type = lambda.target().invocationType();
          Consumer<CodeBuilder> body = lambda.bridge(bridge, anInterface);
          methods.add(host -> host.withMethodBody(bridge, type, flags, body));
        }
        case NONE -> {
          left.increment();
          return false;
        }
      }
      classes.put(lambda.name(), lambda.build(classFile));
      instead(code, ClassDesc.ofInternalName(lambda.name()), "of", call.typeSymbol(), false);
      lambdas.increment();
      return true;
    }

    private boolean method(
        CodeBuilder code,
        InvokeDynamicInstruction call,
        @Nullable Consumer<CodeBuilder> body,
        LongAdder made) {
      if (body == null) {
        left.increment();
        return false;
      }
      String method = "plain$" + methods.size();
      int flags = ACC_PRIVATE | ACC_STATIC | ACC_SYNTHETIC;
      methods.add(host -> host.withMethodBody(method, call.typeSymbol(), flags, body));
      instead(code, ClassDesc.ofInternalName(name), method, call.typeSymbol(), anInterface);
      made.increment();
      return true;
    }

    // As long as what it replaces, so that whatever names a place in the code stays right.
    private static void instead(
        CodeBuilder code,
        ClassDesc owner,
        String method,
        MethodTypeDesc type,
        boolean inInterface) {
      code.invokestatic(owner, method, type, inInterface).nop().nop();
    }
  }
}
