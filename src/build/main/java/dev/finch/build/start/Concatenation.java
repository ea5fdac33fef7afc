package dev.finch.build.start;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_String;
import static java.lang.constant.ConstantDescs.CD_char;
import static java.lang.constant.ConstantDescs.CD_int;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Texts put together, as {@code StringConcatFactory.makeConcatWithConstants} describes it. Joined
 * and not appended: the result takes its own size and no more, as with the JVM's own way.
 */
record Concatenation(List<@Nullable String> pieces, MethodTypeDesc type) {

  private static final char ARGUMENT = '\1';
  private static final char CONSTANT = '\2';
  private static final ClassDesc SEQUENCE = ClassDesc.of("java.lang.CharSequence");

  /** Null where a constant of it is no text. */
  static @Nullable Concatenation of(InvokeDynamicInstruction call) {
    Iterator<ConstantDesc> given = call.bootstrapArgs().iterator();
    if (!call.bootstrapMethod().methodName().equals("makeConcatWithConstants")
        || !(given.next() instanceof String recipe)) {
      return null;
    }
    List<@Nullable String> pieces = new ArrayList<>();
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < recipe.length(); i++) {
      char c = recipe.charAt(i);
      if (c == ARGUMENT) {
        pieces.add(text.toString());
        pieces.add(null);
        text.setLength(0);
      } else if (c != CONSTANT) {
        text.append(c);
      } else if (given.next() instanceof String constant) {
        text.append(constant);
      } else {
        return null;
      }
    }
    pieces.add(text.toString());
    pieces.removeIf(piece -> piece != null && piece.isEmpty());
    return new Concatenation(pieces, call.typeSymbol());
  }

  void write(CodeBuilder code) {
    code.loadConstant("").loadConstant(pieces.size()).anewarray(SEQUENCE);
    int argument = 0;
    for (int i = 0; i < pieces.size(); i++) {
      code.dup().loadConstant(i);
      String piece = pieces.get(i);
      if (piece != null) {
        code.loadConstant(piece);
      } else {
        argument(code, argument++);
      }
      code.aastore();
    }
    MethodTypeDesc join = MethodTypeDesc.of(CD_String, SEQUENCE, SEQUENCE.arrayType());
    code.invokestatic(CD_String, "join", join).areturn();
  }

  private void argument(CodeBuilder code, int number) {
    ClassDesc given = type.parameterType(number);
    code.loadLocal(TypeKind.from(given), code.parameterSlot(number));
    code.invokestatic(CD_String, "valueOf", MethodTypeDesc.of(CD_String, printed(given)));
  }

  // The one of String.valueOf that takes it. A char[] is an object here, as it is to the JVM.
  private static ClassDesc printed(ClassDesc type) {
    return switch (TypeKind.from(type)) {
      case REFERENCE -> CD_Object;
      case BYTE, SHORT -> CD_int;
      case CHAR -> CD_char;
      default -> type;
    };
  }
}
