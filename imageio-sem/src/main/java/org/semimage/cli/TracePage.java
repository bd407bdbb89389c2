// SPDX-License-Identifier: Apache-2.0
package org.semimage.cli;

import org.semimage.picture.Images;
import org.semimage.picture.PixelPlanes;
import org.semimage.reflect.Proposal;
import org.semimage.reflect.Score;
import org.semimage.reflect.Trace;

import javax.imageio.ImageIO;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * A page about a reflection, with its pictures as PNG files beside it. It loads nothing else. A failure to write a picture is thrown when
 * the page is closed, so that it is not taken for the encoder's.
 */
final class TracePage implements Trace, AutoCloseable {

    private static final String PAGE = "index.html";

    private static final String STYLE = """
            :root { color-scheme: light dark; }
            body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 90rem; padding: 0 1rem; }
            ol { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fill, minmax(17rem, 1fr)); list-style: none; padding: 0; }
            li { border: 1px solid #8888; border-radius: .4rem; padding: .7rem; }
            li.best { background: #4a43; }
            img { display: block; height: auto; max-width: 100%; }
            p { margin: .4rem 0; } .numbers { font-variant-numeric: tabular-nums; }
            """;

    private final Path folder;
    private final StringBuilder body = new StringBuilder();
    private int pictures;
    private int attempts;
    private boolean open;
    private IOException failure;

    /**
     * A page in a folder, which is made if it is not there.
     *
     * @throws IOException if it cannot be made, or is something else
     */
    TracePage(Path folder) throws IOException {
        this.folder = folder;
        try {
            Files.createDirectories(folder);
        } catch (FileAlreadyExistsException e) {
            throw new IOException("--trace " + folder + " is no folder", e);
        }
    }

    /** Whether nothing was tried. */
    boolean isEmpty() {
        return pictures == 0;
    }

    @Override
    public void begins(PixelPlanes original) {
        end();
        pictures++;
        attempts = 0;
        open = true;
        body.append("<h2>Picture ").append(pictures).append(", ").append(original.width()).append(" x ").append(original.height())
                .append("</h2>\n<ol>\n<li>");
        picture(original, "original");
        body.append("<p>The original</p></li>\n");
    }

    @Override
    public void tried(Attempt attempt) {
        attempts++;
        body.append(attempt.best() ? "<li class=\"best\">" : "<li>");
        picture(attempt.picture(), String.format(Locale.ROOT, "%02d", attempts));
        said(attempt.proposal());
        Score score = attempt.score();
        body.append(String.format(Locale.ROOT, "<p class=\"numbers\">%d bytes, %.1f bits of words<br>distance %.3f%s<br>"
                        + "layout %.2f dB, colour %.2f, texture %.2f</p></li>%n", attempt.bytes(), attempt.bits(), score.distance(),
                attempt.best() ? ", the best so far" : "", score.layoutPsnr(), score.colour(), score.texture()));
    }

    @Override
    public void dropped(Proposal proposal, String why) {
        body.append("<li>");
        said(proposal);
        body.append("<p>Dropped: ").append(escaped(why)).append("</p></li>\n");
    }

    @Override
    public void ends(Proposal kept) {
        end();
        body.append("<p>Kept: ").append(escaped(kept.origin())).append(kept.caption().map(text -> ", &ldquo;" + escaped(text) + "&rdquo;")
                .orElse(", no words")).append("</p>\n");
    }

    private void end() {
        if (open) {
            body.append("</ol>\n");
            open = false;
        }
    }

    private void said(Proposal proposal) {
        body.append("<p>").append(escaped(proposal.origin())).append(proposal.caption()
                .map(text -> ": &ldquo;" + escaped(text) + "&rdquo;").orElse(""));
        proposal.quantizerStep().ifPresent(step -> body.append(", quantizer step ").append(step));
        body.append(proposal.contrast() == Proposal.PLAIN ? "" : ", contrast " + proposal.contrast() + " %");
        body.append(proposal.spare() == 0 ? "" : ", bytes left: " + proposal.spare()).append("</p>");
    }

    private void picture(PixelPlanes planes, String name) {
        String file = pictures + "-" + name + ".png";
        body.append("<img src=\"").append(file).append("\" width=\"").append(planes.width()).append("\" height=\"").append(planes.height())
                .append("\" alt=\"\">");
        try {
            ImageIO.write(Images.toImage(planes), "png", folder.resolve(file).toFile());
        } catch (IOException e) {
            failure = failure == null ? e : failure;
        }
    }

    /** A text as HTML shows it. */
    static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;").replace("'", "&#39;");
    }

    /** Writes the page. */
    @Override
    public void close() throws IOException {
        end();
        if (failure != null) {
            throw new IOException("--trace " + folder + ": " + failure.getMessage(), failure);
        }
        Files.writeString(folder.resolve(PAGE), "<!DOCTYPE html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>Reflection</title>\n"
                + "<meta name=\"viewport\" content=\"width=device-width\">\n<link rel=\"icon\" href=\"data:,\">\n<style>\n" + STYLE
                + "</style>\n<h1>What was tried</h1>\n<p>Distances are in sample values; less is nearer to the original. Layout: PSNR of "
                + "the means of 16 x 16 samples. Colour and texture: sliced Wasserstein distances of colours and of wavelet details.</p>\n"
                + body);
    }
}
