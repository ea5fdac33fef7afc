package dev.finch.jinja;

/** A method of a value, taken from it and not called yet. */
record Method(Object self, String name) implements Callable {

  @Override
  public Object call(Rendering rendering, Arguments arguments) {
    return Methods.call(rendering, self, name, arguments);
  }

  @Override
  public String description() {
    return "<built-in method " + name + " of " + Values.type(self) + " object>";
  }
}
