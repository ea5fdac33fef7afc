package dev.finch.selection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.finch.failure.FailureCode;
import dev.finch.model.ModelReference;
import dev.finch.settings.Section;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelSelectorTest {

  private static final ActorTestKit KIT = ActorTestKit.create();
  private static final Config REFERENCE = ConfigFactory.defaultReference().resolve();
  private static final Hardware SIXTEEN = new Hardware(16L << 30, 12L << 30, -1, 8, List.of());

  @TempDir private Path directory;

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  @Test
  void selectsByWhatIsMeasuredWhenAsked() {
    assertEquals("qwen2.5-1.5b", selected("auto", Set.of()).spec().reference().toString());
    assertEquals(
        "qwen2.5-3b", selected("auto", Set.of("qwen-research")).spec().reference().toString());
  }

  @Test
  void selectsOnThisVeryMachine() {
    TestProbe<MachineFit> probe = KIT.createTestProbe();
    KIT.spawn(ModelSelector.create(settings(), catalog()))
        .tell(new ModelSelector.Assess(Set.of(), probe.ref()));

    MachineFit fit = probe.receiveMessage();

    assertTrue(fit.hardware().totalMemoryBytes() > 0);
    assertEquals(catalog().entries().size(), fit.verdicts().size());
  }

  @Test
  void measuringBlocksNobodyElse() throws InterruptedException {
    CountDownLatch slow = new CountDownLatch(1);
    CountDownLatch measuring = new CountDownLatch(1);
    ActorRef<ModelSelector.Command> selector =
        selector(
            () -> {
              measuring.countDown();
              try {
                slow.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              return SIXTEEN;
            });
    TestProbe<ModelSelector.Reply> first = KIT.createTestProbe();
    TestProbe<MachineFit> second = KIT.createTestProbe();
    selector.tell(new ModelSelector.Select(ModelReference.AUTO, Set.of(), first.ref()));
    measuring.await();
    selector.tell(new ModelSelector.Assess(Set.of(), second.ref()));
    slow.countDown();

    second.receiveMessage();
    first.expectMessageClass(ModelSelector.Selected.class);
  }

  @Test
  void aFileIsReadBeforeItIsTaken() throws IOException {
    Path nonsense = Files.writeString(directory.resolve("nonsense.gguf"), "not a model at all");

    assertEquals(FailureCode.MODEL_FILE_INVALID, refused("file:" + nonsense).why().code());
    assertEquals(
        FailureCode.MODEL_FILE_INVALID,
        refused("file:" + directory.resolve("missing.gguf")).why().code());
    assertEquals(
        List.of(),
        selected(
                "file:src/runtime/test/resources/models/tiny-chat-f16-00002-of-00002.gguf",
                Set.of())
            .warnings());
  }

  @Test
  void aProbeThatFailsIsAnAnswerToo() {
    ActorRef<ModelSelector.Command> selector =
        selector(
            () -> {
              throw new IllegalStateException("no machine");
            });
    TestProbe<ModelSelector.Reply> probe = KIT.createTestProbe();
    selector.tell(new ModelSelector.Select(ModelReference.AUTO, Set.of(), probe.ref()));

    ModelSelector.Refused refused = probe.expectMessageClass(ModelSelector.Refused.class);

    assertEquals(FailureCode.INTERNAL, refused.why().code());
    assertTrue(refused.why().message().contains("no machine"));
  }

  private static ModelSelector.Selected selected(String name, Set<String> accepted) {
    return assertInstanceOf(ModelSelector.Selected.class, ask(name, accepted));
  }

  private static ModelSelector.Refused refused(String name) {
    return assertInstanceOf(ModelSelector.Refused.class, ask(name, Set.of()));
  }

  private static ModelSelector.Reply ask(String name, Set<String> accepted) {
    TestProbe<ModelSelector.Reply> probe = KIT.createTestProbe();
    selector(() -> SIXTEEN)
        .tell(new ModelSelector.Select(ModelReference.parse(name), accepted, probe.ref()));
    return probe.receiveMessage();
  }

  private static ActorRef<ModelSelector.Command> selector(Supplier<Hardware> machine) {
    return KIT.spawn(ModelSelector.create(settings(), catalog(), machine));
  }

  private static SelectionSettings settings() {
    return SelectionSettings.from(Section.of(REFERENCE, "finch.selection"));
  }

  private static ModelCatalog catalog() {
    return ModelCatalog.from(Section.of(REFERENCE, "finch"));
  }
}
