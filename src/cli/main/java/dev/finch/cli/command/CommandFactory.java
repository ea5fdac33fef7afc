package dev.finch.cli.command;

import dev.finch.cli.output.Output;
import picocli.CommandLine;
import picocli.CommandLine.IFactory;

/** Makes commands that know where to write. */
final class CommandFactory implements IFactory {

  private final Output output;

  CommandFactory(Output output) {
    this.output = output;
  }

  @Override
  public <K> K create(Class<K> type) throws Exception {
    try {
      var constructor = type.getDeclaredConstructor(Output.class);
      return constructor.newInstance(output);
    } catch (NoSuchMethodException e) {
      return CommandLine.defaultFactory().create(type);
    }
  }
}
