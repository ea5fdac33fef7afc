package dev.finch.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InvocationTest {

  @ParameterizedTest
  @CsvSource({
    "help, --help",
    "-q help, --help",
    "help help, --help",
    "help ask, --help",
    "ask help, help",
    "ask list, list",
    "-q ask stop, -q stop",
    "-- list, -- list",
    "help me write a poem, help me write a poem",
    "help list all the files, help list all the files",
    "help me please, help me please",
    "show me the way, show me the way",
    "run qwen2.5-0.5b, --model qwen2.5-0.5b",
    "run qwen2.5-0.5b why, --model qwen2.5-0.5b why",
    "run -q qwen2.5-0.5b why, --model qwen2.5-0.5b -q why",
    "-q run qwen2.5-0.5b, --model qwen2.5-0.5b -q",
    "--seed 3 run builtin hi, --model builtin --seed 3 hi",
    "HELP, --help",
    "Help, --help",
    "Help me write a poem, Help me write a poem",
    "List all primes, List all primes",
    "Run away from here, Run away from here",
    "Ask me a riddle please, Ask me a riddle please",
    "ASK list, list",
    "RUN qwen2.5-0.5b why, --model qwen2.5-0.5b why",
    "generate a haiku, generate a haiku",
    "can qwen2.5 see images, can qwen2.5 see images",
    "how qwen2.5 works, how qwen2.5 works",
    "is llama3 good, is llama3 good",
    "fun llama3 facts, fun llama3 facts",
    "rum and cola please, rum and cola please",
    "run-down of hi, run-down of hi",
    "explain claude, explain claude",
    "search for cats, search for cats",
    "generate haiku, generate haiku",
    "/etc/hosts, /etc/hosts",
    "/etc, /etc",
    "ask /quit, /quit",
    "-- /quit, -- /quit",
    "test, test",
    "hello, hello",
    "hi, hi",
    "Why, Why",
    "What is a list, What is a list",
    "translate bonjour, translate bonjour",
    "summarize -f x.txt, summarize -f x.txt",
    "server logs explained please, server logs explained please",
    "-f stauts.txt Why, -f stauts.txt Why",
    "--model builtin models are fun, --model builtin models are fun",
  })
  void isAQuestion(String arguments, String asked) {
    var ask = assertInstanceOf(Invocation.Ask.class, of(arguments));
    assertEquals(asked, String.join(" ", ask.arguments()));
  }

  @Test
  void aQuestionInQuotesIsOne() {
    for (String quoted : List.of("list all primes", "help me", "run away", "stauts of it", "")) {
      assertEquals(new Invocation.Ask(List.of(quoted)), Invocation.of(List.of(quoted)));
    }
    assertEquals(new Invocation.Ask(List.of()), Invocation.of(List.of()));
  }

  @ParameterizedTest
  @CsvSource({
    "list, list",
    "ls, list",
    "ls --json, list --json",
    "-q list, list",
    "--server auto list, list --server auto",
    "ps, ps",
    "-q ps, ps",
    "stop, stop",
    "stop qwen2.5-0.5b, stop qwen2.5-0.5b",
    "show qwen2.5-0.5b, show qwen2.5-0.5b",
    "rm qwen2.5-0.5b, rm qwen2.5-0.5b",
    "help serve, serve --help",
    "-q help serve, serve --help",
    "help ls, list --help",
    "help run, run --help",
    "run --help, run --help",
    "models --json, models --json",
    "serve --port 0, serve --port 0",
    "models are fun, models are fun",
    "HELP serve, serve --help",
    "help SERVE, serve --help",
    "MODELS, models",
    "Models --json, models --json",
    "LIST, list",
    "Ls, list",
    "-q Status, status",
    "SHOW qwen2.5-0.5b, show qwen2.5-0.5b",
  })
  void isACommand(String arguments, String command) {
    var found = assertInstanceOf(Invocation.Command.class, of(arguments));
    assertEquals(command, String.join(" ", found.arguments()));
  }

  @ParameterizedTest
  @CsvSource({
    "rnu qwen2.5-1.5b hi, finch run",
    "runn builtin hi, finch run",
    "rn builtin hi, finch run",
    "urn llama3.2:1b why is that, finch run",
    "rum, finch run",
    "rum builtin, finch run",
    "-q rnu hf:acme/tiny-GGUF hi, finch run",
    "cp qwen2.5-1.5b mine, copies no models",
    "cp a b, copies no models",
    "launch claude, finch serve",
    "search qwen, hf:org/repo",
    "inspect qwen2.5-1.5b, finch show",
    "chat builtin hi, is the chat",
    "load llama3 please, finch run",
    "modles, finch models",
    "-q modles, finch models",
    "model, finch models",
    "stauts, finch status",
    "server, finch serve",
    "sevre, finch serve",
    "server --port 1, finch serve",
    "pul qwen2.5-0.5b, finch pull",
    "lits, finch list",
    "shwo qwen2.5-0.5b, finch show",
    "hepl, finch help",
    "doctr, finch doctor",
    "comfig, finch config",
    "legder --json, finch ledger",
    "pruen, finch prune",
    "logs, finch doctor",
    "remove qwen2.5-0.5b, finch rm",
    "download qwen2.5-0.5b, finch pull",
    "version, finch --version",
    "exit, nothing to leave",
    "login, no accounts",
    "logout, no accounts",
    "search, finch models",
    "update, finch pull",
    "upgrade, finch pull",
    "info, finch show",
    "launch, finch serve",
    "generate, finch \"QUESTION\"",
    "-q generate, finch ask generate",
    "mod, finch models",
    "embed, over HTTP",
    "init, finch config",
    "Login, no accounts",
    "SEARCH, finch ask SEARCH",
    "/quit, nothing to leave",
    "/QUIT, nothing to leave",
    "/exit, finch ask /exit",
    "-q /bye, nothing to leave",
    "/models, here it is `finch models`",
    "/Help, here it is `finch help`",
    "/model qwen2.5-0.5b, option --model",
    "/set temperature 1, a command of the REPL",
    "/clear, a command of the REPL",
    "/compact, is no command",
    "/login, no accounts",
    "Modles, finch models",
    "MODLES, finch ask MODLES",
    "RUN, needs a model",
    "create mine, makes no models",
    "run, needs a model",
    "run -q, needs a model",
    "help modles, did you mean models",
    "help python, There is no command python. `finch",
    "help modles, did you mean models? `finch",
    "help search, lists the catalogue",
    "help list extra, finch ask help list extra",
    "-q help list extra, finch help takes one command",
    "help ls extra, finch help takes one command",
    "help run qwen2.5-0.5b, finch help takes one command",
    "help help list, finch help takes one command",
  })
  void isASlipOfTheHand(String arguments, String said) {
    var refused = assertInstanceOf(Invocation.Refused.class, of(arguments));
    assertTrue(refused.message().contains(said), refused.message());
  }

  @ParameterizedTest
  @ValueSource(strings = {"modles", "logs"})
  void aSlipSaysHowToAskJustThat(String word) {
    var refused = assertInstanceOf(Invocation.Refused.class, of(word));
    assertTrue(refused.message().contains("finch ask " + word), refused.message());
  }

  private static Invocation of(String arguments) {
    return Invocation.of(List.of(arguments.split(" ", -1)));
  }
}
