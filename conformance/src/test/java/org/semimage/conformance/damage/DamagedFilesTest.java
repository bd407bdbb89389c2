// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.damage;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import javax.imageio.IIOException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

import static org.junit.jupiter.api.Assertions.assertTrue;

/** The program in short, without its measuring: a few hundred damaged files. */
class DamagedFilesTest {

    private static final int EACH = 6;

    @ParameterizedTest
    @EnumSource(Damage.class)
    void damageGivesAPictureWithAWarningOrARefusal(Damage damage) throws IOException {
        List<Specimen> specimens = Specimen.all(Path.of("vectors"));
        for (Specimen specimen : specimens.stream().filter(damage::fits).toList()) {
            Random random = new Random(7);
            for (int i = 0; i < EACH; i++) {
                byte[] bytes = damage.of(specimen, random);
                try {
                    assertTrue(specimen.reading().read(bytes).warned() || !damage.isTold(), specimen.name() + ", number " + i);
                } catch (IIOException refused) {
                    assertTrue(!refused.getMessage().isBlank());
                }
            }
        }
    }
}
