package dev.finch.build.start;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDesc;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.constant.DynamicConstantDesc;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A switch over types, as {@code SwitchBootstraps.typeSwitch} describes it: the number of the first
 * label that matches, from a given one on.
 */
record TypeSwitch(List<Case> cases) {

  /** A label: a type, or one constant of an enum where it is named. */
  private record Case(ClassDesc type, @Nullable String constant) {}

  /** Null where it has a label of another kind, or switches over something primitive. */
  static @Nullable TypeSwitch of(InvokeDynamicInstruction call) {
    if (!call.bootstrapMethod().methodName().equals("typeSwitch")
        || call.typeSymbol().parameterType(0).isPrimitive()) {
      return null;
    }
    List<Case> cases = new ArrayList<>();
    for (ConstantDesc label : call.bootstrapArgs()) {
      Case one = label(label);
      if (one == null) {
        return null;
      }
      cases.add(one);
    }
    return new TypeSwitch(cases);
  }

  // An enum's constant is EnumDesc.of(ClassDesc.of("its class"), "its name"), as two constants.
  private static @Nullable Case label(ConstantDesc label) {
    if (label instanceof ClassDesc type) {
      return type.isPrimitive() ? null : new Case(type, null);
    }
    return label instanceof DynamicConstantDesc<?> constant
            && invoked(constant, "EnumDesc")
            && constant.bootstrapArgsList().get(1) instanceof DynamicConstantDesc<?> type
            && invoked(type, "ClassDesc")
        ? new Case(
            ClassDesc.of((String) type.bootstrapArgsList().get(1)),
            (String) constant.bootstrapArgsList().get(2))
        : null;
  }

  private static boolean invoked(DynamicConstantDesc<?> constant, String owner) {
    return constant.constantName().equals("invoke")
        && constant.bootstrapArgsList().getFirst() instanceof DirectMethodHandleDesc method
        && method.methodName().equals("of")
        && method.owner().displayName().endsWith(owner);
  }

  void write(CodeBuilder code) {
    Label present = code.newLabel();
    code.aload(0).ifnonnull(present).iconst_m1().ireturn().labelBinding(present);
    for (int number = 0; number < cases.size(); number++) {
      Label next = code.newLabel();
      code.iload(1).loadConstant(number).if_icmpgt(next);
      Case one = cases.get(number);
      if (one.constant() == null) {
        code.aload(0).instanceOf(one.type()).ifeq(next);
      } else {
        code.aload(0).getstatic(one.type(), one.constant(), one.type()).if_acmpne(next);
      }
      code.loadConstant(number).ireturn().labelBinding(next);
    }
    code.loadConstant(cases.size()).ireturn();
  }
}
