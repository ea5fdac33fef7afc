package dev.finch.build.start;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.IntBinaryOperator;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/** Prints what lambdas and switches over types of every kind give. */
final class Linked {

  private sealed interface Shape permits Circle, Square, Nothing {}

  private record Circle(int radius) implements Shape {}

  private record Square(int side) implements Shape {}

  private enum Nothing implements Shape {
    VOID,
    NIL
  }

  private final int field;

  private Linked(int field) {
    this.field = field;
  }

  /** Run in a JVM of its own. */
  public static void main(String[] args) {
    lambdas(args.length + 2, 3L, "text");
    new Linked(7).ofAnInstance();
    for (Object value :
        new Object[] {
          new Circle(1), new Circle(20), new Square(2), Nothing.VOID, Nothing.NIL, "word", 5, 6L
        }) {
      System.out.println(kind(value));
    }
    for (Shape shape : List.of(new Circle(3), new Square(4), Nothing.VOID, Nothing.NIL)) {
      System.out.println(named(shape));
    }
    System.out.println(orNull(null) + orNull("given"));
  }

  private static void lambdas(int number, long wide, String text) {
    Supplier<String> constant = () -> "nothing captured";
    Supplier<String> captured = () -> text + number + wide;
    Function<Integer, Long> boxed = value -> value + wide;
    ToLongFunction<Integer> widened = Integer::intValue;
    IntBinaryOperator primitive = (a, b) -> a * b + number;
    BiFunction<Integer, Integer, Integer> method = Math::max;
    Function<String, Integer> virtual = String::length;
    Function<Integer, int[]> array = int[]::new;
    Function<Integer, Square> constructor = Square::new;
    Supplier<List<String>> generic = ArrayList::new;
    Function<Integer, String> own = Linked::privately;
    Runnable nested = () -> System.out.println(((Supplier<String>) () -> text + "!").get());
    nested.run();
    System.out.println(constant.get() + captured.get() + boxed.apply(4) + widened.applyAsLong(5));
    System.out.println(primitive.applyAsInt(6, 7) + method.apply(8, 9) + virtual.apply("ten"));
    System.out.println(array.apply(3).length + " " + constructor.apply(4) + generic.get());
    System.out.println(own.apply(11));
  }

  private void ofAnInstance() {
    Supplier<Integer> ofThis = () -> field + 1;
    Supplier<String> bound = this::toString;
    System.out.println(ofThis.get() + bound.get());
  }

  private static String privately(int value) {
    return "private " + value;
  }

  private static String kind(Object value) {
    return switch (value) {
      case Circle(int radius) when radius > 10 -> "a large circle";
      case Circle circle -> "a circle of " + circle.radius();
      case Square(int side) -> "a square of " + side;
      case Nothing.VOID -> "void";
      case Nothing other -> "nothing else than " + other;
      case String text -> "a text of " + text.length();
      case Integer number when number > 4 -> "a large number";
      case Number number -> "a number " + number.longValue();
      default -> "something";
    };
  }

  private static String named(Shape shape) {
    return switch (shape) {
      case Circle _ -> "circle";
      case Square _ -> "square";
      case Nothing.VOID -> "VOID";
      case Nothing.NIL -> "NIL";
    };
  }

  private static String orNull(Object value) {
    return switch (value) {
      case null -> "null";
      case String text -> text;
      default -> "other";
    };
  }

  @Override
  public String toString() {
    return "of " + field;
  }
}
