package io.softq4j.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softq4j.common.UserError;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TasksTest {

    /** A task as a user would write one. */
    public static final class Even implements Task {
        @Override
        public String name() {
            return "even";
        }

        @Override
        public boolean correct(Map<String, String> fields, String response) {
            return Integer.parseInt(response.strip()) % 2 == 0;
        }
    }

    /** Has no constructor without parameters. */
    public record NeedsParameter(String name) implements Task {
        @Override
        public boolean correct(Map<String, String> fields, String response) {
            return true;
        }
    }

    private static final Map<String, String> EIGHTEEN = Map.of("question", "How much?", "answer", "9 * 2 = $<<9*2=18>>18 a day.\n#### 18");

    @ParameterizedTest
    @ValueSource(strings = {"9 * 2 = 18\n#### 18", "#### 18", "####18", "#### $18", "#### 18.", "#### 18.00", "#### 018", "#### <<9*2=18>>18",
            "#### 18 dollars",
        "#### 18\n#### 19", "####\t18"})
    void theNumberAfterTheMarkIsTheAnswer(String response) {
        assertTrue(new Gsm8k().correct(EIGHTEEN, response), response);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "18", "The answer is 18.", "### 18", "#### 19", "#### -18", "#### 1.8", "#### 1 8", "#### eighteen", "#### 1.8.0",
            "####",
        "#### <<9*2=18>>", "#### 19\n#### 18", "####\n18"})
    void anythingElseIsWrong(String response) {
        assertFalse(new Gsm8k().correct(EIGHTEEN, response), response);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"1,450,000 | 1450000 | true", "-10 | -10.0 | true", "-10 | -$10 | true", "-10 | $-10 | true",
            "-10 | 10 | false", "0.5 | .5 | true",
        "0.5 | 0.50 | true", "0.5 | 5 | false", "2,5 | 25 | true", "1000000 | 1 000 000 | true", "1000000 | 1\u00a0000\u202f000. | true",
        "-1 234.5 | -1234.50 | true", "12 345 | 12 345 apples | true", "1000 | 1 0000 | false", "1 | 1 00 | true", "1000 | 1 000 000 | false"})
    void numbersAreComparedNotSpellings(String reference, String response, boolean correct) {
        assertEquals(correct, new Gsm8k().correct(Map.of("answer", "#### " + reference), "#### " + response));
    }

    @Test
    void solutionsThatDifferOnlyInAnnotationsAreOne() {
        Gsm8k task = new Gsm8k();
        assertEquals(task.canonical(EIGHTEEN, "9*2=<<9*2=18>>18\n#### 18"), task.canonical(EIGHTEEN, "9*2=18  #### 18 "));
        assertNotEquals(task.canonical(EIGHTEEN, "9*2=18\n#### 18"), task.canonical(EIGHTEEN, "9+9=18\n#### 18"));
    }

    @Test
    void aRecordWithoutTheReferenceFieldIsNamedWithTheFieldsItHas() {
        assertEquals("task 'gsm8k' needs the field 'answer' of each record; fields present: prompt, response. "
                + "A conversation counts as what the assistant says last, one without an answer is not there. Check that the evaluated file belongs to this task, and the field names in the data section of the config.",
                assertThrows(UserError.class, () -> new Gsm8k().correct(Map.of("response", "a", "prompt", "b"), "#### 1")).getMessage());
    }

    @Test
    void aReferenceWithoutAnAnswerIsAnErrorOfTheFile() {
        String message = assertThrows(UserError.class, () -> new Gsm8k().correct(Map.of("answer", "eighteen"), "#### 18")).getMessage();
        assertEquals("task 'gsm8k': the field 'answer' of a record has no number after '####': 'eighteen'. Evaluate a file in GSM8K's format, or "
                + "choose another task.", message);
    }

    @Test
    void exactMatchIgnoresWhiteSpaceAtTheEndsAndItsAmount() {
        Task task = Tasks.named("exact_match:response");
        assertEquals("exact_match:response", task.name());
        assertTrue(task.correct(Map.of("response", "red green"), " red\n green "));
        assertFalse(task.correct(Map.of("response", "red green"), "redgreen"));
        assertFalse(task.correct(Map.of("response", "red green"), "Red green"));
    }

    @Test
    void tasksAreFoundByNameOrByClassName() {
        assertEquals(new Gsm8k(), Tasks.named("gsm8k"));
        assertEquals("even", Tasks.named("io.softq4j.evaluation.TasksTest$Even").name());
    }

    @ParameterizedTest
    @CsvSource({"gsm8, gsm8k", "GSM-8K, gsm8k", "exactmatch:answer, exact_match"})
    void aMisspeltNameIsAnsweredWithTheNearest(String name, String nearest) {
        assertEquals("no task is called '" + name + "'. Did you mean '" + nearest
                + "'? Tasks here: exact_match:FIELD (equals a field of the record), gsm8k; "
                        + "sets of metrics: summarization, translation, data-to-text, chat, qa; or the class name (with its package) of an io.softq4j.evaluation.Task of your own on the class path.",
                assertThrows(UserError.class, () -> Tasks.named(name)).getMessage());
    }

    @Test
    void exactMatchWithoutAFieldSaysHowToGiveOne() {
        assertEquals("task 'exact_match' needs the field that holds the reference: exact_match:FIELD, for example exact_match:response.",
                assertThrows(UserError.class, () -> Tasks.named("exact_match")).getMessage());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "com.example.Missing | cannot be loaded: java.lang.ClassNotFoundException: com.example.Missing. Is its jar on the class path, or in SOFTQ_PLUGINS?",
        "java.lang.String | does not implement io.softq4j.evaluation.Task.",
        "io.softq4j.evaluation.TasksTest$NeedsParameter | must be a public class, not abstract, with a public constructor without parameters."})
    void aClassThatIsNoTaskIsRefusedWithTheReason(String name, String reason) {
        String message = assertThrows(UserError.class, () -> Tasks.named(name)).getMessage();
        assertTrue(message.startsWith("task class '" + name + "' " + reason), message);
    }
}
