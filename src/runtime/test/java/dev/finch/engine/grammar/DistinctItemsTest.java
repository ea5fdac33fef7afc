package dev.finch.engine.grammar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.finch.failure.FinchException;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Items that are all different: an answer never stands where nothing may follow. */
final class DistinctItemsTest {

  private static final Vocabulary BYTES = new Vocabulary(256, token -> new byte[] {(byte) token});

  private static final SchemaRegistry VALIDATORS =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'minItems':2,'items':{'anyOf':[{'enum':['a','b']},{'type':'null'}]}",
        "'minItems':2,'items':{'enum':['a','b'],'nullable':true}",
        "'minItems':1,'items':{'type':'string','pattern':'^[ab]$'}",
        "'minItems':1,'items':{'type':'string','pattern':'^[a-c]{1,2}$'}",
        "'minItems':2,'items':{'properties':{'k':{'enum':[1,2]}},'required':['k'],"
            + "'type':'object','additionalProperties':false}",
        "'minItems':2,'items':{'type':'object','properties':{'k':{'enum':[1,2]}}}",
        "'minItems':2,'maxItems':3,'items':{'type':'object','properties':{'k':{'enum':['a','b','c']}"
            + ",'on':{'type':'boolean'}},'required':['k','on']}",
        "'minItems':9,'items':{'type':'object','properties':{'k':{'enum':['a','b','c','d','e']}"
            + ",'on':{'type':'boolean'}},'required':['k','on']}",
        "'minItems':3,'items':{'type':'array','items':{'enum':[0,1]},'maxItems':2}",
        "'minItems':3,'items':{'type':'array','items':{'enum':[0,1]},'maxItems':3,'uniqueItems':true}",
        "'minItems':2,'maxItems':4,'items':{'type':'number','minimum':0,'maximum':2}",
        "'minItems':4,'items':{'type':'number','minimum':-0.5,'maximum':0.5}",
        "'minItems':3,'items':{'type':['number','null'],'minimum':1,'maximum':2}",
        "'minItems':3,'items':{'type':'number','minimum':0,'maximum':1,'multipleOf':0.5}",
        "'minItems':2,'items':{'anyOf':[{'type':'number','maximum':3,'minimum':3},{'const':1}]}",
        "'minItems':2,'items':{'type':'number','multipleOf':0.5}",
        "'minItems':3,'maxItems':4,'items':{'type':'object','properties':{'s':{'type':'string'}},"
            + "'required':['s']}",
        "'minItems':2,'items':{'type':'boolean'},'contains':{'const':true}",
        "'items':{'enum':['a','b','c']},'contains':{'const':'a'}",
        "'prefixItems':[{'enum':['a','b']},{'const':'a'}],'minItems':2",
        "'prefixItems':[{'enum':['a','b']}],'items':{'enum':['a','c']},'minItems':3",
        "'minItems':2,'items':{'oneOf':[{'const':1},{'enum':[2,3]}]}",
        "'minItems':3,'items':{'type':'integer','minimum':1,'maximum':5,'not':{'enum':[2,4]}}",
        "'minItems':5,'items':{'type':'string','pattern':'^[a-z]{2}$'},'maxItems':9",
      })
  void anAnswerNeverStandsInACorner(String keywords) {
    String schema = "{'type':'array','uniqueItems':true,%s}".formatted(keywords).replace('\'', '"');
    Gbnf grammar = SchemaGrammar.of(schema);
    Schema validator = VALIDATORS.getSchema(schema, InputFormat.JSON);
    Random random = new Random(schema.hashCode());
    for (int i = 0; i < 60; i++) {
      String answer = answer(grammar, random);
      assertEquals(List.of(), validator.validate(answer, InputFormat.JSON), answer);
    }
  }

  /** What a model writes that would rather repeat itself than end. */
  private static String answer(Gbnf grammar, Random random) {
    GrammarCursor cursor = grammar.cursor(BYTES);
    StringBuilder text = new StringBuilder();
    while (true) {
      BitSet allowed = cursor.allowed();
      allowed.clear(0x80, 0x100);
      assertTrue(cursor.mayEnd() || !allowed.isEmpty(), () -> "nothing may follow " + text);
      if (cursor.mayEnd() && (allowed.isEmpty() || random.nextInt(4) == 0)) {
        return text.toString();
      }
      int next = liked(allowed, text.length(), random);
      text.append((char) next);
      cursor.accept(next);
    }
  }

  private static int liked(BitSet allowed, int length, Random random) {
    List<Integer> all = allowed.stream().boxed().toList();
    for (char each : (length > 120 ? "]}\"" : ",20\"]}a").toCharArray()) {
      if (allowed.get(each) && random.nextInt(5) > 0) {
        return each;
      }
    }
    return all.get(random.nextInt(all.size()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "'items':{'anyOf':[{'enum':['a','b']},{'type':'null'}]},'minItems':4; 4 different items",
        "'items':{'type':'string','pattern':'^[ab]$'},'minItems':3; 3 different items",
        "'items':{'type':'string','pattern':'^[a-z]{2}$'},'minItems':677; 677 different items",
        "'items':{'type':'array','items':{'enum':[0,1]},'maxItems':2},'minItems':8; 8 different",
      })
  void moreThanThereAreIsRefusedWithItsPlace(String keywords, String message) {
    String schema =
        "{'properties':{'t':{'type':'array','uniqueItems':true,%s}},'required':['t']}"
            .formatted(keywords)
            .replace('\'', '"');
    FinchException refused = assertThrows(FinchException.class, () -> SchemaGrammar.of(schema));
    String said = refused.failure().message();
    assertTrue(said.contains("at /properties/t: " + message), said);
  }

  @Test
  void equalNumbersAreWrittenAlikeWhereTheyMustDiffer() {
    String numbers = "{\"type\":\"array\",\"items\":{\"type\":\"number\"},\"uniqueItems\":%s}";
    assertTrue(Sentences.follows(SchemaGrammar.of(numbers.formatted(false)), "[2.0,2.50]"));
    assertFalse(Sentences.follows(SchemaGrammar.of(numbers.formatted(true)), "[2.0]"));
    assertTrue(Sentences.follows(SchemaGrammar.of(numbers.formatted(true)), "[2,2.5,-0.25,10]"));
  }

  @Test
  void anObjectIsNotEndedWhereItWouldComeAgain() {
    Gbnf grammar =
        SchemaGrammar.of(
            "{\"type\":\"array\",\"uniqueItems\":true,\"items\":{\"type\":\"object\",\"properties\":"
                + "{\"n\":{\"type\":\"string\"}},\"required\":[\"n\"],\"additionalProperties\":false}}");
    GrammarCursor cursor = grammar.cursor(BYTES);
    for (byte next : "[{\"n\":\"a\"},{\"n\":\"a".getBytes(StandardCharsets.UTF_8)) {
      cursor.accept(next);
    }
    assertFalse(cursor.allows('"'));
    assertTrue(cursor.allows('b'));
  }
}
