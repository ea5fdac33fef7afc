package dev.finch.build.start;

import static java.lang.constant.ConstantDescs.CD_Boolean;
import static java.lang.constant.ConstantDescs.CD_Byte;
import static java.lang.constant.ConstantDescs.CD_Character;
import static java.lang.constant.ConstantDescs.CD_Double;
import static java.lang.constant.ConstantDescs.CD_Float;
import static java.lang.constant.ConstantDescs.CD_Integer;
import static java.lang.constant.ConstantDescs.CD_Long;
import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_Short;
import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_byte;
import static java.lang.constant.ConstantDescs.CD_char;
import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_short;
import static java.util.Objects.requireNonNull;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.Map;

/**
 * How a lambda's argument or result becomes what the other side takes: a cast, a box, or a wider
 * number.
 *
 * @param via what the value is known to be, where its own type is wider
 */
record Conversion(ClassDesc from, ClassDesc via, ClassDesc to) {

  private static final Map<ClassDesc, ClassDesc> PRIMITIVES =
      Map.of(
          CD_Boolean,
          CD_boolean,
          CD_Byte,
          CD_byte,
          CD_Character,
          CD_char,
          CD_Short,
          CD_short,
          CD_Integer,
          CD_int,
          CD_Long,
          CD_long,
          CD_Float,
          CD_float,
          CD_Double,
          CD_double);

  static Conversion of(ClassDesc from, ClassDesc via, ClassDesc to) {
    return new Conversion(from, via, to);
  }

  void write(CodeBuilder code) {
    if (from.isPrimitive() && to.isPrimitive()) {
      widen(code, from);
    } else if (from.isPrimitive()) {
      ClassDesc box = box(from);
      code.invokestatic(box, "valueOf", MethodTypeDesc.of(box, from));
    } else if (to.isPrimitive()) {
      unbox(code);
    } else if (!to.equals(CD_Object) && !to.equals(from)) {
      code.checkcast(to);
    }
  }

  private void unbox(CodeBuilder code) {
    ClassDesc box =
        PRIMITIVES.containsKey(via) ? via : PRIMITIVES.containsKey(from) ? from : box(to);
    ClassDesc primitive = requireNonNull(PRIMITIVES.get(box), box::displayName);
    if (!box.equals(from)) {
      code.checkcast(box);
    }
    code.invokevirtual(box, primitive.displayName() + "Value", MethodTypeDesc.of(primitive));
    widen(code, primitive);
  }

  private void widen(CodeBuilder code, ClassDesc primitive) {
    if (!primitive.equals(to)) {
      code.conversion(TypeKind.from(primitive), TypeKind.from(to));
    }
  }

  private static ClassDesc box(ClassDesc primitive) {
    return PRIMITIVES.entrySet().stream()
        .filter(entry -> entry.getValue().equals(primitive))
        .findFirst()
        .orElseThrow()
        .getKey();
  }
}
