package io.softq4j.benchmark;

import java.nio.file.Path;

/** Main class of our own measured process; arguments: shape, whether with gradient checkpointing. */
final class OurMain {

    private OurMain() {
    }

    public static void main(String[] args) {
        CommandServer.run(() -> {
            ModelShape shape = ModelShape.parse(args[0]);
            OurEngine engine = new OurEngine(shape, Boolean.parseBoolean(args[1]));
            return CommandServer.of(engine)
                    .on("write", arguments -> {
                        engine.writeWeights(Path.of(String.join(" ", arguments)));
                        return true;
                    })
                    .on("peak", arguments -> MatrixPeak.measure(shape));
        });
    }
}
