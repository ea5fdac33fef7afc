package dev.finch.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.inference.AnswerEvent;
import dev.finch.inference.ChatMessage;
import dev.finch.inference.FinishReason;
import dev.finch.inference.Privacy;
import dev.finch.inference.Prompt;
import dev.finch.model.DownloadProgress;
import dev.finch.model.ModelReference;
import dev.finch.model.ModelSpec;
import dev.finch.model.ModelState;
import dev.finch.model.RuntimeState;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.Keys;

/** The page in a real browser; its screenshots lie in target/screenshots. */
final class PageIT {

  private static final String MARKUP = "<b>bold</b><script>window.broken = true</script>";
  private static final RuntimeState READY =
      RuntimeState.of(new ModelState.Ready(ScriptedFinch.info()), null);

  private static Server server;
  private static Browser browser;

  @BeforeAll
  static void start() throws IOException {
    browser = Browser.start(false);
    server = Server.start("");
  }

  @AfterAll
  static void stop() throws IOException {
    if (server != null) {
      server.close();
    }
    if (browser != null) {
      browser.close();
    }
  }

  @BeforeEach
  void reset() {
    server.finch.requests.clear();
    server.finch.state(READY, Source.never());
    server.finch.script(_ -> ScriptedFinch.says("Hello, ", "world."));
  }

  @Test
  void showsThatItIsReadyAndWhatToDo() throws IOException {
    open();
    browser.await(() -> browser.text("#state").equals("Tiny Chat is ready"));
    browser.await(() -> browser.text("#usage").contains("5 here, 2 by Claude"));

    assertEquals("Ask Finch", browser.text("h1"));
    assertEquals("ready", browser.find("#dot").getDomAttribute("data-kind"));
    browser.screenshot("empty");
  }

  @Test
  void showsADownloadWithBytesRateAndTimeLeft() throws IOException {
    server.finch.state(downloading(), Source.never());
    open();
    browser.await(() -> browser.find("#download").isDisplayed());

    String figures = browser.text("#download-figures");
    assertEquals("37 % · 723.9 MB of 1.9 GB · 24.3 MB/s · 50 s left", figures);
    assertEquals("37", browser.find("#download-bar").getDomAttribute("aria-valuenow"));
    browser.screenshot("downloading");
  }

  @Test
  void streamsAnAnswerAndSaysWhoGaveIt() throws IOException {
    open();
    ask("What is a finch?");
    browser.await(() -> browser.find(".source .badge").isDisplayed());

    assertEquals("Hello, world.", browser.text(".turn.assistant .text"));
    assertTrue(browser.text(".source").startsWith("This machine"), browser.text(".source"));
    assertFalse(browser.find("#welcome").isDisplayed());
  }

  @Test
  void stopsAnAnswerAndEndsTheWork() throws IOException {
    server.finch.script(_ -> story());
    int ended = server.finch.ended.get();
    open();
    ask("Tell me about finches.");
    browser.await(() -> browser.text(".turn.assistant .text").length() > 120);
    browser.screenshot("streaming");
    browser.find("#stop").click();
    browser.await(() -> browser.text(".source").equals("Stopped."));

    Await.until(() -> server.finch.ended.get() > ended);
    assertTrue(browser.find("#send").isDisplayed());
  }

  @Test
  void showsAFailureInTheMiddleAndTriesAgain() throws IOException {
    server.finch.script(_ -> ScriptedFinch.fails(cut(), "A finch is a small "));
    open();
    ask("What is a finch?");
    browser.await(() -> browser.find(".problem").isDisplayed());
    assertTrue(browser.text(".problem").contains("Claude's answer broke off."));
    browser.screenshot("error");

    server.finch.script(_ -> ScriptedFinch.says("A small bird."));
    browser.find(".problem button").click();
    browser.await(() -> browser.text(".turn.assistant .text").equals("A small bird."));
  }

  @Test
  void showsMarkupAsText() {
    server.finch.script(_ -> ScriptedFinch.says(MARKUP));
    open();
    ask(MARKUP);
    browser.await(() -> browser.find(".source .badge").isDisplayed());

    assertEquals(MARKUP, browser.text(".turn.user .text"));
    assertEquals(MARKUP, browser.text(".turn.assistant .text"));
    assertEquals(true, browser.run("return window.broken === undefined"));
  }

  @Test
  void sendsThePrivacyThatWasChosenAndTheWholeConversation() {
    open();
    browser.run("document.querySelector('input[value=local-only]').click()");
    ask("one");
    browser.await(() -> browser.find(".source .badge").isDisplayed());
    ask("two");
    Await.until(() -> server.finch.requests.size() == 2);

    assertEquals(Privacy.LOCAL_ONLY, server.finch.requests.get(1).effectivePrivacy());
    var prompt = (dev.finch.inference.Prompt.Conversation) server.finch.requests.get(1).prompt();
    assertEquals(3, prompt.messages().size());
    browser.run("localStorage.clear()");
  }

  @Test
  void whatWasSaidInPrivateStaysHereWhateverIsChosenLater() throws IOException {
    open();
    choose("local-only");
    ask("My secret is 42");
    browser.await(() -> browser.find(".source .badge").isDisplayed());

    choose("cloud-only");
    browser.await(() -> browser.find("#private-dialog").isDisplayed());
    assertTrue(browser.find("input[value=local-only]").isSelected());
    browser.screenshot("private");
    browser.find("#private-dialog button[value=here]").click();
    browser.await(() -> !browser.find("#private-dialog").isDisplayed());
    browser.await(() -> browser.find("#prompt").equals(browser.focused()));
    browser.find("#prompt").click();
    ask("go on");
    browser.await(() -> answers() == 2);
    assertEquals(List.of(Privacy.LOCAL_ONLY, Privacy.LOCAL_ONLY), privacies());
    assertTrue(
        messages(1).stream().allMatch(message -> message.privacy() == Privacy.LOCAL_ONLY),
        messages(1).toString());

    // Escape is no choice either.
    choose("local-first");
    browser.await(() -> browser.find("#private-dialog").isDisplayed());
    browser.find("#private-dialog").sendKeys(Keys.ESCAPE);
    browser.await(() -> !browser.find("#private-dialog").isDisplayed());
    assertTrue(browser.find("input[value=local-only]").isSelected());
    assertEquals(2, server.finch.requests.size());

    choose("cloud-only");
    browser.await(() -> browser.find("#private-dialog").isDisplayed());
    browser.find("#private-dialog button[value=new]").click();
    browser.await(() -> browser.find("#welcome").isDisplayed());
    assertTrue(browser.find("input[value=cloud-only]").isSelected());
    browser.await(() -> browser.find("#prompt").equals(browser.focused()));
    browser.find("#prompt").click();
    ask("hello Claude");
    browser.await(() -> answers() == 1);
    assertEquals(Privacy.CLOUD_ONLY, server.finch.requests.get(2).effectivePrivacy());
    assertEquals(List.of("hello Claude"), said(2));
    browser.run("localStorage.clear()");
  }

  @Test
  void aSwitchThatMovesWhileAPrivateAnswerRunsOpensNothing() {
    server.finch.script(_ -> story());
    open();
    choose("local-only");
    ask("My secret is 42");
    browser.await(() -> browser.text(".turn.assistant .text").length() > 20);
    choose("local-first");
    browser.find("#stop").click();
    browser.await(() -> browser.find("#send").isDisplayed());
    ask("a long one");
    browser.await(() -> browser.find("#private-dialog").isDisplayed());
    assertEquals(1, server.finch.requests.size());
    browser.find("#private-dialog button[value=here]").click();
    browser.run("localStorage.clear()");
  }

  @Test
  void aPrivateQuestionThatFailedIsTriedAgainInPrivate() {
    server.finch.script(_ -> ScriptedFinch.fails(cut(), ""));
    open();
    choose("local-only");
    ask("My secret is 42");
    browser.await(() -> browser.find(".problem").isDisplayed());
    choose("cloud-only");
    server.finch.script(_ -> ScriptedFinch.says("A small bird."));
    browser.find(".problem button").click();
    browser.await(() -> answers() == 1);
    assertEquals(List.of(Privacy.LOCAL_ONLY, Privacy.LOCAL_ONLY), privacies());
    browser.run("localStorage.clear()");
  }

  @Test
  void aFailedTurnIsNoPartOfTheNextOne() {
    server.finch.script(_ -> ScriptedFinch.fails(cut(), "A finch is a small "));
    open();
    ask("error please");
    browser.await(() -> browser.find(".problem button").isDisplayed());
    ask("error again");
    browser.await(() -> server.finch.requests.size() == 2);
    browser.await(() -> browser.find(".turn:last-child .problem button").isDisplayed());
    server.finch.script(_ -> ScriptedFinch.says("Hello."));
    ask("hello");
    browser.await(() -> answers() == 1);
    assertEquals(List.of("hello"), said(2));
    ask("and now");
    browser.await(() -> answers() == 2);
    assertEquals(List.of("hello", "Hello.", "and now"), said(3));
    assertEquals(0L, browser.run("return document.querySelectorAll('.problem button').length"));
  }

  @Test
  void aStoppedAnswerStaysInTheChatThatItWasAskedIn() {
    server.finch.script(_ -> story());
    open();
    ask("Tell me about finches.");
    browser.await(() -> browser.text(".turn.assistant .text").length() > 20);
    browser.find("#clear").click();
    server.finch.script(_ -> ScriptedFinch.says("Hello."));
    browser.await(() -> browser.find("#send").isDisplayed());
    ask("hello");
    browser.await(() -> answers() == 1);
    assertEquals(List.of("hello"), said(1));
  }

  @Test
  void isUsedByKeyboardAlone() {
    open();
    browser.find("#prompt").sendKeys("line one" + Keys.chord(Keys.SHIFT, Keys.ENTER) + "line two");
    browser.find("#prompt").sendKeys(Keys.ENTER);
    browser.await(() -> browser.find(".source .badge").isDisplayed());

    assertEquals("line one\nline two", browser.text(".turn.user .text"));
  }

  @ParameterizedTest
  @CsvSource({"phone, dark", "phone, light", "desktop, dark"})
  void fitsEveryScreenByDayAndByNight(String device, String light) throws IOException {
    server.finch.state(downloading(), Source.never());
    server.finch.script(_ -> story());
    try (Browser other = Browser.start(light.equals("dark"))) {
      if (device.equals("phone")) {
        other.phone();
      }
      String name = device + "-" + light;
      other.open(server.frontEnd.url());
      other.await(() -> other.find("#download").isDisplayed());
      other.screenshot(name + "-downloading");
      other.find("#prompt").sendKeys("Tell me about finches.", Keys.ENTER);
      other.await(() -> other.text(".turn.assistant .text").length() > 120);
      other.screenshot(name + "-streaming");
      other.find("#stop").click();
      server.finch.script(_ -> ScriptedFinch.fails(cut(), "A finch is a small "));
      other.await(() -> other.find("#send").isDisplayed());
      other.find("#prompt").sendKeys("What is a finch?", Keys.ENTER);
      other.await(() -> other.find(".problem").isDisplayed());
      other.screenshot(name + "-error");

      Object overflow =
          other.run("return document.documentElement.scrollWidth > window.innerWidth");
      assertEquals(false, overflow);
    }
  }

  @Test
  void asksForAKeyWhereOneIsNeeded() throws IOException {
    try (Server guarded = Server.start("finch.http.api-keys = [\"a-long-key\"]")) {
      browser.open(guarded.frontEnd.url());
      browser.await(() -> browser.find("#key-dialog").isDisplayed());
      browser.screenshot("key");
      browser.find("#key").sendKeys("a-long-key", Keys.ENTER);
      browser.await(() -> browser.text("#state").equals("Tiny Chat is ready"));
    }
  }

  private static void open() {
    browser.open(server.frontEnd.url());
  }

  private static void ask(String text) {
    browser.find("#prompt").sendKeys(text, Keys.ENTER);
  }

  private static void choose(String privacy) {
    browser.run("document.querySelector('input[value=" + privacy + "]').click()");
  }

  private static long answers() {
    return (Long) browser.run("return document.querySelectorAll('.source .badge').length");
  }

  private static List<Privacy> privacies() {
    return server.finch.requests.stream().map(request -> request.effectivePrivacy()).toList();
  }

  private static List<ChatMessage> messages(int request) {
    return ((Prompt.Conversation) server.finch.requests.get(request).prompt()).messages();
  }

  private static List<String> said(int request) {
    return messages(request).stream().map(ChatMessage::content).toList();
  }

  private static Failure cut() {
    return Failure.passing(
        FailureCode.CLAUDE_STREAM_CUT,
        "Claude's answer broke off.",
        "Ask again; the local model will be ready in about a minute.");
  }

  private static RuntimeState downloading() {
    ModelReference reference = ModelReference.parse("qwen2.5-3b");
    ModelSpec spec =
        new ModelSpec(
            reference,
            "Qwen2.5-3B Instruct Q4_K_M",
            new ModelSpec.Origin.Hub("o/r", "main", null, java.util.List.of()),
            Optional.empty());
    return RuntimeState.of(
        null,
        new ModelState.Downloading(
            spec,
            DownloadProgress.of(
                DownloadProgress.Phase.DOWNLOADING,
                723_900_000,
                1_929_900_000,
                24_300_000,
                Duration.ofSeconds(50))));
  }

  private static Source<AnswerEvent, NotUsed> story() {
    String text =
        "Finches are small, seed-eating birds with short, conical beaks. They live on every"
            + " continent but Antarctica, from open woodland to high mountains.\n\nMany are known"
            + " for their song: a male learns his in the first months of life, practises it, and"
            + " keeps it for good.\n\n";
    return Source.<AnswerEvent>single(new AnswerEvent.Started(ScriptedFinch.LOCAL))
        .concat(
            Source.cycle(() -> java.util.List.of(text.split("(?<= )")).iterator())
                .throttle(1, Duration.ofMillis(15))
                .<AnswerEvent>map(AnswerEvent.Delta::new))
        .concat(Source.single(ScriptedFinch.finished(FinishReason.STOP, 1)));
  }
}
