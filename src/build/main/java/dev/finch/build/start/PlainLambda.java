package dev.finch.build.start;

import static java.lang.classfile.ClassFile.ACC_FINAL;
import static java.lang.classfile.ClassFile.ACC_PRIVATE;
import static java.lang.classfile.ClassFile.ACC_PUBLIC;
import static java.lang.classfile.ClassFile.ACC_STATIC;
import static java.lang.classfile.ClassFile.ACC_SUPER;
import static java.lang.classfile.ClassFile.ACC_SYNTHETIC;
import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_void;
import static java.lang.constant.ConstantDescs.CLASS_INIT_NAME;
import static java.lang.constant.ConstantDescs.INIT_NAME;
import static java.lang.constant.ConstantDescs.MTD_void;

import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDesc;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A lambda as a class of its own, as {@code LambdaMetafactory} describes it. */
final class PlainLambda {

  private static final int MARKERS = 2;
  private static final int BRIDGES = 4;

  private final ClassDesc host;
  private final ClassDesc self;
  private final int version;
  private final String name;
  private final String methodName;
  private final MethodTypeDesc captured;
  private final DirectMethodHandleDesc target;
  private final MethodTypeDesc instantiated;
  private final Set<ClassDesc> interfaces = new LinkedHashSet<>();
  private final Set<MethodTypeDesc> types = new LinkedHashSet<>();
  private @Nullable String bridge;
  private boolean bridgeInInterface;

  PlainLambda(ClassModel model, InvokeDynamicInstruction call, String name) {
    this.host = model.thisClass().asSymbol();
    this.version = model.majorVersion();
    this.name = name;
    this.self = ClassDesc.ofInternalName(name);
    this.methodName = call.name().stringValue();
    this.captured = call.typeSymbol();
    List<ConstantDesc> arguments = call.bootstrapArgs();
    types.add((MethodTypeDesc) arguments.get(0));
    target = (DirectMethodHandleDesc) arguments.get(1);
    instantiated = (MethodTypeDesc) arguments.get(2);
    interfaces.add(captured.returnType());
    if (arguments.size() > 3) {
      alternatives(arguments.subList(3, arguments.size()));
    }
  }

  // What altMetafactory has besides. That the lambda may be serialized is left out: nothing here is
  // ever written to a stream of Java's.
  private void alternatives(List<ConstantDesc> arguments) {
    int flags = (Integer) arguments.getFirst();
    int at = 1;
    if ((flags & MARKERS) != 0) {
      int count = (Integer) arguments.get(at++);
      for (int i = 0; i < count; i++) {
        interfaces.add((ClassDesc) arguments.get(at++));
      }
    }
    if ((flags & BRIDGES) != 0) {
      int count = (Integer) arguments.get(at++);
      for (int i = 0; i < count; i++) {
        types.add((MethodTypeDesc) arguments.get(at++));
      }
    }
  }

  String name() {
    return name;
  }

  DirectMethodHandleDesc target() {
    return target;
  }

  /** The body of a method of the host through which this class calls what is private there. */
  Consumer<CodeBuilder> bridge(String method, boolean inInterface) {
    bridge = method;
    bridgeInInterface = inInterface;
    return code -> {
      MethodTypeDesc type = target.invocationType();
      if (constructs()) {
        code.new_(target.owner()).dup();
      }
      loadParameters(code, type);
      invokeTarget(code);
      code.return_(TypeKind.from(type.returnType()));
    };
  }

  private static void loadParameters(CodeBuilder code, MethodTypeDesc type) {
    for (int i = 0; i < type.parameterCount(); i++) {
      code.loadLocal(TypeKind.from(type.parameterType(i)), code.parameterSlot(i));
    }
  }

  private boolean constructs() {
    return target.kind() == DirectMethodHandleDesc.Kind.CONSTRUCTOR;
  }

  private void invokeTarget(CodeBuilder code) {
    MethodTypeDesc type = MethodTypeDesc.ofDescriptor(target.lookupDescriptor());
    ClassDesc owner = target.owner();
    boolean inInterface = target.isOwnerInterface();
    switch (target.kind()) {
      case STATIC, INTERFACE_STATIC ->
          code.invokestatic(owner, target.methodName(), type, inInterface);
      case CONSTRUCTOR -> code.invokespecial(owner, INIT_NAME, type);
      case INTERFACE_VIRTUAL -> code.invokeinterface(owner, target.methodName(), type);
      case SPECIAL, INTERFACE_SPECIAL ->
          code.invokespecial(owner, target.methodName(), type, inInterface);
      case VIRTUAL -> code.invokevirtual(owner, target.methodName(), type);
      default -> throw new IllegalArgumentException("no method: " + target);
    }
  }

  byte[] build(ClassFile classFile) {
    return classFile.build(
        self,
        all -> {
          all.withVersion(version, 0);
          all.withFlags(ACC_FINAL | ACC_SUPER | ACC_SYNTHETIC);
          all.withSuperclass(CD_Object);
          all.withInterfaceSymbols(List.copyOf(interfaces));
          constructor(all);
          if (captured.parameterCount() == 0) {
            single(all);
          } else {
            factory(all);
          }
          types.forEach(type -> method(all, type));
        });
  }

  private void constructor(ClassBuilder all) {
    for (int i = 0; i < captured.parameterCount(); i++) {
      all.withField("captured" + i, captured.parameterType(i), ACC_PRIVATE | ACC_FINAL);
    }
    all.withMethodBody(
        INIT_NAME,
        captured.changeReturnType(CD_void),
        ACC_PRIVATE,
        code -> {
          code.aload(0).invokespecial(CD_Object, INIT_NAME, MTD_void);
          for (int i = 0; i < captured.parameterCount(); i++) {
            ClassDesc type = captured.parameterType(i);
            code.aload(0).loadLocal(TypeKind.from(type), code.parameterSlot(i));
            code.putfield(self, "captured" + i, type);
          }
          code.return_();
        });
  }

  private void single(ClassBuilder all) {
    all.withField("SINGLE", self, ACC_PRIVATE | ACC_STATIC | ACC_FINAL);
    all.withMethodBody(
        CLASS_INIT_NAME,
        MTD_void,
        ACC_STATIC,
        code -> {
          code.new_(self).dup().invokespecial(self, INIT_NAME, MTD_void);
          code.putstatic(self, "SINGLE", self).return_();
        });
    all.withMethodBody(
        "of", captured, ACC_STATIC, code -> code.getstatic(self, "SINGLE", self).areturn());
  }

  private void factory(ClassBuilder all) {
    all.withMethodBody(
        "of",
        captured,
        ACC_STATIC,
        code -> {
          code.new_(self).dup();
          loadParameters(code, captured);
          code.invokespecial(self, INIT_NAME, captured.changeReturnType(CD_void)).areturn();
        });
  }

  private void method(ClassBuilder all, MethodTypeDesc type) {
    all.withMethodBody(
        methodName,
        type,
        ACC_PUBLIC,
        code -> {
          if (constructs() && bridge == null) {
            code.new_(target.owner()).dup();
          }
          arguments(code, type);
          if (bridge == null) {
            invokeTarget(code);
          } else {
            code.invokestatic(host, bridge, target.invocationType(), bridgeInInterface);
          }
          result(code, target.invocationType().returnType(), type.returnType());
        });
  }

  private void arguments(CodeBuilder code, MethodTypeDesc type) {
    List<ClassDesc> wanted = new ArrayList<>(target.invocationType().parameterList());
    for (int i = 0; i < captured.parameterCount(); i++) {
      ClassDesc from = captured.parameterType(i);
      code.aload(0).getfield(self, "captured" + i, from);
      Conversion.of(from, from, wanted.removeFirst()).write(code);
    }
    for (int i = 0; i < type.parameterCount(); i++) {
      ClassDesc from = type.parameterType(i);
      code.loadLocal(TypeKind.from(from), code.parameterSlot(i));
      Conversion.of(from, instantiated.parameterType(i), wanted.removeFirst()).write(code);
    }
  }

  private void result(CodeBuilder code, ClassDesc from, ClassDesc to) {
    if (to.equals(CD_void)) {
      switch (TypeKind.from(from).slotSize()) {
        case 1 -> code.pop();
        case 2 -> code.pop2();
        default -> {}
      }
    } else {
      Conversion.of(from, instantiated.returnType(), to).write(code);
    }
    code.return_(TypeKind.from(to));
  }
}
