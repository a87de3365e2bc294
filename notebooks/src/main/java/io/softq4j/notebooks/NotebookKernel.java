package io.softq4j.notebooks;

import io.softq4j.common.Parent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import jdk.jshell.JShell;
import jdk.jshell.SourceCodeAnalysis;
import org.dflib.jjava.jupyter.channels.JupyterConnection;
import org.dflib.jjava.jupyter.kernel.BaseKernel;
import org.dflib.jjava.jupyter.kernel.JupyterIO;
import org.dflib.jjava.jupyter.kernel.KernelConnectionProperties;
import org.dflib.jjava.jupyter.kernel.LanguageInfo;
import org.dflib.jjava.jupyter.kernel.ReplacementOptions;
import org.dflib.jjava.jupyter.kernel.comm.CommManager;
import org.dflib.jjava.jupyter.kernel.display.DisplayData;
import org.dflib.jjava.jupyter.kernel.display.Renderer;
import org.dflib.jjava.jupyter.kernel.display.mime.MIMEType;
import org.dflib.jjava.jupyter.kernel.magic.MagicParser;
import org.dflib.jjava.jupyter.kernel.magic.MagicTranspiler;
import org.dflib.jjava.jupyter.kernel.magic.MagicsRegistry;
import org.dflib.jjava.jupyter.kernel.util.StringStyler;

/**
 * A Java kernel for Jupyter. Messages, output streams and rich display are JJava's ({@code org.dflib.jjava:jjava-jupyter}, the library its
 * own Java kernel is built on); {@link Cells} evaluates. A notebook calls {@code display}, {@code render} and {@code updateDisplay} as in JJava.
 *
 * <p>Cells run in this JVM: the class path of the process is theirs.
 */
public final class NotebookKernel extends BaseKernel {

    private final JShell shell = JShell.builder().executionEngine("local").build();
    private final Cells cells;

    /** A kernel without a front end. */
    NotebookKernel() {
        super("softq4j", "", language(), List.of(), null, new JupyterIO(StandardCharsets.UTF_8), new CommManager(), new Renderer(),
            new MagicParser("(?<=(?:^|=))\\s*%", "%%", new MagicTranspiler()), new MagicsRegistry(), false, new StringStyler.Builder().build());
        shell.addToClasspath(System.getProperty("java.class.path"));
        cells = new Cells(shell);
    }

    private static LanguageInfo language() {
        return new LanguageInfo.Builder("Java").version(Integer.toString(Runtime.version().feature())).mimetype("text/x-java-source")
            .fileExtension(".jshell").pygments("java").codemirror("java").build();
    }

    /** Where Jupyter says which process started a kernel that is to end with it. */
    private static final String PARENT = "JPY_PARENT_PID";

    /** Serves the front end whose connection file is named by the only argument, until it asks to stop or has ended without a word. */
    public static void main(String[] arguments) throws Exception {
        if (arguments.length != 1) {
            throw new IllegalArgumentException("expected one argument, Jupyter's connection file; seen " + arguments.length);
        }
        Optional.ofNullable(System.getenv(PARENT)).map(Long::valueOf).ifPresent(Parent::endWith);
        String properties = Files.readString(Path.of(arguments[0]));
        JupyterConnection connection = new JupyterConnection(KernelConnectionProperties.parse(properties));
        NotebookKernel kernel = new NotebookKernel();
        kernel.becomeHandlerForConnection(connection);
        kernel.onStartup(); // makes it the kernel that display() finds
        connection.connect();
        connection.waitUntilClose();
    }

    @Override
    public Object evalRaw(String source) {
        return cells.evaluate(source);
    }

    /** The text that goes with a picture is Java's default, which differs from run to run; a notebook kept under version control should not. */
    @Override
    public void display(DisplayData data) {
        if (data.hasDataForType(MIMEType.IMAGE_PNG)) {
            data.putText("picture");
        }
        super.display(data);
    }

    /** What {@link Cells} says already names the place in the cell; the kernel's own stack would only hide it. */
    @Override
    public List<String> formatError(Throwable e) {
        return e instanceof IllegalStateException ? e.getMessage().lines().toList() : super.formatError(e);
    }

    @Override
    public DisplayData inspect(String code, int at, boolean extraDetail) {
        List<String> signatures = shell.sourceCodeAnalysis().documentation(code, at, false).stream()
            .map(SourceCodeAnalysis.Documentation::signature).toList();
        return signatures.isEmpty() ? null : new DisplayData(String.join("\n", signatures));
    }

    @Override
    public ReplacementOptions complete(String code, int at) {
        int[] anchor = {at};
        List<String> options = shell.sourceCodeAnalysis().completionSuggestions(code, at, anchor).stream()
            .map(SourceCodeAnalysis.Suggestion::continuation).distinct().toList();
        return options.isEmpty() ? null : new ReplacementOptions(options, anchor[0], at);
    }

    @Override
    public String isComplete(String code) {
        return cells.isComplete(code) ? IS_COMPLETE_YES : IS_COMPLETE_MAYBE;
    }

    @Override
    public void interrupt() {
        shell.stop();
    }

    @Override
    public void onShutdown(boolean isRestarting) {
        super.onShutdown(isRestarting);
        shell.close();
    }
}
