package example;

import java.nio.file.Path;
import org.bytedeco.javacpp.Loader;

/** Asserts that the natives are those softq4j is tested with, then runs the program of docs/embedding.md. */
public final class UserOfSoftq4j {

    public static void main(String[] arguments) throws Exception {
        expect("JavaCPP", "1.5.13", Loader.getVersion());
        expect("OpenBLAS", "0.3.31-1.5.13", Loader.getVersion("org.bytedeco", "openblas"));
        expect("oneDNN", "3.11-1.5.13", Loader.getVersion("org.bytedeco", "dnnl"));
        expect("the sky is", " blue", TinyTraining.run(Path.of(arguments[0])));
    }

    private static void expect(String what, String expected, String seen) {
        System.out.println(what + ": " + seen);
        if (!expected.equals(seen)) {
            throw new AssertionError(what + " is '" + seen + "', expected '" + expected + "'");
        }
    }

    private UserOfSoftq4j() {
    }
}
