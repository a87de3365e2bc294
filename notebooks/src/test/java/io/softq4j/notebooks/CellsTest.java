package io.softq4j.notebooks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jdk.jshell.JShell;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CellsTest {

    private JShell shell;
    private Cells cells;

    @BeforeEach
    void open() {
        shell = JShell.builder().executionEngine("local").build();
        shell.addToClasspath(System.getProperty("java.class.path"));
        cells = new Cells(shell);
    }

    @AfterEach
    void close() {
        shell.close();
    }

    @Test
    void whatACellDeclaresIsThereForLaterCells() {
        assertNull(cells.evaluate("int a = 20;\nint twice(int x) { return 2 * x; }"));
        assertEquals("42", cells.evaluate("a++;\ntwice(a)"));
    }

    @Test
    void aMethodMayUseWhatTheSameCellDeclaresLater() {
        assertEquals("7", cells.evaluate("int f() { return g() + 1; }\nint g() { return 6; }\nf()"));
    }

    @Test
    void anExceptionIsAnErrorOfTheCellAndStopsIt() {
        IllegalStateException e = assertThrows(IllegalStateException.class,
            () -> cells.evaluate("int before = 1;\nif (before == 1) throw new ArithmeticException(\"wrong sum\");\nbefore = 2;"));
        assertTrue(e.getMessage().startsWith("java.lang.ArithmeticException: wrong sum\nin:\nif (before == 1)"), e.getMessage());
        assertEquals("1", cells.evaluate("before"));
    }

    @Test
    void aCellThatDoesNotCompileIsAnErrorThatShowsTheSnippetAndTheCompilersWords() {
        IllegalStateException e = assertThrows(IllegalStateException.class, () -> cells.evaluate("int ok = 1;\nint wrong = \"text\";"));
        assertTrue(e.getMessage().startsWith("does not compile: incompatible types"), e.getMessage());
        assertTrue(e.getMessage().endsWith("in:\nint wrong = \"text\";"), e.getMessage());
    }

    @Test
    void callingAMethodWhoseNeedsWereNeverDeclaredIsAnErrorThatNamesThem() {
        cells.evaluate("int f() { return missing; }");
        IllegalStateException e = assertThrows(IllegalStateException.class, () -> cells.evaluate("f()"));
        assertTrue(e.getMessage().startsWith("f uses what is not declared: variable missing"), e.getMessage());
    }

    @Test
    void anUnclosedBracketIsAnErrorAndNotACompleteCell() {
        IllegalStateException e = assertThrows(IllegalStateException.class, () -> cells.evaluate("for (int i = 0; i < 3; i++) {"));
        assertTrue(e.getMessage().startsWith("incomplete Java, perhaps a missing bracket or quote:\nfor (int i"), e.getMessage());
        assertFalse(cells.isComplete("for (int i = 0; i < 3; i++) {"));
        assertTrue(cells.isComplete("int i = 0;\nint j = 1;"));
        assertTrue(cells.isComplete(""));
    }

    @Test
    void cellsShareTheClassesOfTheProcess() {
        System.setProperty("softq4j.notebooks.shared", "seen");
        assertEquals("\"seen\"", cells.evaluate("System.getProperty(\"softq4j.notebooks.shared\")"));
        assertEquals("true", cells.evaluate("io.softq4j.objective.softq.SoftQConfig.defaults().lambda() > 0"));
    }
}
