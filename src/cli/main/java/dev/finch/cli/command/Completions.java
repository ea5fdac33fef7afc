package dev.finch.cli.command;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Completion scripts, from the same tree as everything else that describes the commands. */
final class Completions {

  private Completions() {}

  static String bash(CommandLine root) {
    StringBuilder text = new StringBuilder();
    text.append("# bash completion for finch\n");
    text.append("_finch() {\n");
    text.append("  local word=${COMP_WORDS[COMP_CWORD]} options\n");
    text.append("  case ${COMP_WORDS[1]-} in\n");
    for (CommandLine command : Manual.visible(root)) {
      text.append("    ").append(command.getCommandName()).append(") options='");
      text.append(String.join(" ", optionNames(command.getCommandSpec())));
      text.append("' ;;\n");
    }
    text.append("    *) options='").append(String.join(" ", optionNames(Commands.askOf(root))));
    text.append("' ;;\n  esac\n");
    text.append("  if [ \"$COMP_CWORD\" -eq 1 ] && [[ $word != -* ]]; then\n");
    text.append("    COMPREPLY=($(compgen -W '").append(String.join(" ", names(root)));
    text.append("' -- \"$word\"))\n");
    text.append("  elif [[ $word == -* ]]; then\n");
    text.append("    COMPREPLY=($(compgen -W \"$options\" -- \"$word\"))\n");
    text.append("  else\n    COMPREPLY=($(compgen -f -- \"$word\"))\n  fi\n}\n");
    text.append("complete -o filenames -F _finch finch\n");
    return text.toString();
  }

  static String zsh(CommandLine root) {
    return "#compdef finch\nautoload -U +X bashcompinit && bashcompinit\n" + bash(root);
  }

  static String fish(CommandLine root) {
    StringBuilder text = new StringBuilder("# fish completion for finch\n");
    for (CommandLine command : Manual.visible(root)) {
      CommandSpec spec = command.getCommandSpec();
      text.append("complete -c finch -n __fish_use_subcommand -a ").append(spec.name());
      text.append(" -d '").append(quoted(Manual.description(spec))).append("'\n");
      for (OptionSpec option : spec.options()) {
        text.append("complete -c finch -n '__fish_seen_subcommand_from ").append(spec.name());
        text.append('\'').append(fishOption(option)).append('\n');
      }
    }
    for (OptionSpec option : Commands.askOf(root).options()) {
      text.append("complete -c finch -n __fish_use_subcommand").append(fishOption(option));
      text.append('\n');
    }
    return text.toString();
  }

  private static String fishOption(OptionSpec option) {
    StringBuilder text = new StringBuilder();
    for (String name : option.names()) {
      text.append(name.startsWith("--") ? " -l " + name.substring(2) : " -s " + name.substring(1));
    }
    if (option.arity().max() > 0) {
      text.append(" -r");
    }
    return text + " -d '" + quoted(String.join(" ", option.description())) + "'";
  }

  private static List<String> names(CommandLine root) {
    return Manual.visible(root).stream().map(CommandLine::getCommandName).toList();
  }

  private static List<String> optionNames(CommandSpec spec) {
    List<String> names = new ArrayList<>();
    spec.options().forEach(option -> names.addAll(List.of(option.names())));
    return names;
  }

  private static String quoted(String text) {
    return text.replace("'", "\\'");
  }
}
