package dev.finch.example;

import com.typesafe.config.ConfigFactory;
import dev.finch.Finch;
import dev.finch.inference.AnswerEvent;
import dev.finch.inference.GenerateRequest;
import dev.finch.inference.Sampling;
import dev.finch.runtime.LocalFinch;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;

/** An answer as a {@link Flow.Publisher}: one event at a time, asked for by the reader. */
public final class StreamWithoutPekko {

  private static final GenerateRequest COUNTING =
      GenerateRequest.builder()
          .user("Count to 5.")
          .sampling(Sampling.builder().temperature(0.0).build())
          .build();

  private StreamWithoutPekko() {}

  public static void main(String[] args) throws InterruptedException {
    try (Finch finch = LocalFinch.start(ConfigFactory.parseString("finch.model = builtin"))) {
      CountDownLatch done = new CountDownLatch(1);
      finch.stream(COUNTING).subscribe(new Printer(done));
      done.await();
    }
  }

  private static final class Printer implements Flow.Subscriber<AnswerEvent> {

    private final CountDownLatch done;
    private Flow.Subscription subscription = new Unsubscribed();

    Printer(CountDownLatch done) {
      this.done = done;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      this.subscription = subscription;
      subscription.request(1);
    }

    @Override
    public void onNext(AnswerEvent event) {
      if (event instanceof AnswerEvent.Delta(var text, _)) {
        System.out.print(text);
      }
      subscription.request(1);
    }

    @Override
    public void onError(Throwable error) {
      System.out.println(error.getMessage());
      done.countDown();
    }

    @Override
    public void onComplete() {
      System.out.println();
      done.countDown();
    }
  }

  private static final class Unsubscribed implements Flow.Subscription {
    @Override
    public void request(long count) {}

    @Override
    public void cancel() {}
  }
}
