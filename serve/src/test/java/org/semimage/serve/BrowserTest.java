// SPDX-License-Identifier: Apache-2.0
package org.semimage.serve;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.PointerInput;
import org.openqa.selenium.interactions.Sequence;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.logging.Level;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** The pages in a browser, where there is one. */
@Timeout(300)
class BrowserTest {

    private static final Pattern ADDRESS = Pattern.compile("\"url\":\"((?:http|ws)[^\"]+)\"");

    @TempDir
    private static Path folder;
    private static ServedFolder served;
    private static ChromeDriver browser;

    @BeforeAll
    static void open() throws IOException {
        Optional<File> chromium = program("chromium", "chromium-browser", "google-chrome");
        Optional<File> driver = program("chromedriver");
        assumeTrue(chromium.isPresent() && driver.isPresent(), "no chromium or no chromedriver is installed");
        ServedFolder.writeProgressive(folder.resolve("a.sem"), 160, 96);
        Path photo = ServedFolder.write(folder.resolve("b.png"), 160, 96);
        assertTrue(Files.size(photo) > 0);
        served = ServedFolder.of(folder, ServeOptions.Uploads.DEFAULT);
        ChromeOptions options = new ChromeOptions();
        options.setBinary(chromium.get());
        options.addArguments("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage");
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        logs.enable(LogType.PERFORMANCE, Level.ALL);
        options.setCapability("goog:loggingPrefs", logs);
        browser = new ChromeDriver(new ChromeDriverService.Builder().usingDriverExecutable(driver.get()).usingAnyFreePort().build(),
                options);
    }

    private static Optional<File> program(String... names) {
        return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .flatMap(path -> Arrays.stream(names).map(name -> new File(path, name))).filter(File::canExecute).findFirst();
    }

    @AfterAll
    static void close() {
        if (browser != null) {
            browser.quit();
        }
        if (served != null) {
            served.close();
        }
    }

    @ParameterizedTest
    @CsvSource({"1280, 800, false", "390, 844, true"})
    void aPictureIsOpenedAndComparedWithKeys(int width, int height, boolean phone) throws Exception {
        window(width, height, phone);
        browser.get("http://127.0.0.1:" + served.port() + "/");
        assertEquals(2, browser.findElements(By.cssSelector("a.picture")).size());
        browser.switchTo().activeElement().sendKeys(Keys.ARROW_RIGHT);
        browser.switchTo().activeElement().sendKeys(Keys.ENTER);
        awaitCoded();
        assertTrue(browser.getCurrentUrl().endsWith("/view/a.sem"), browser.getCurrentUrl());
        assertFitsTheWindow();

        WebElement divider = browser.findElement(By.id("divider"));
        assertEquals("divider", browser.switchTo().activeElement().getDomAttribute("id"));
        String before = clip();
        divider.sendKeys(Keys.ARROW_RIGHT, Keys.ARROW_RIGHT, Keys.ARROW_RIGHT);
        assertNotEquals(before, clip());
        assertTrue(Double.parseDouble(divider.getDomProperty("value")) > 50, divider.getDomProperty("value"));

        drag(phone, -width / 6);
        assertTrue(Double.parseDouble(divider.getDomProperty("value")) < 45, divider.getDomProperty("value"));

        browser.findElement(By.id("rate")).sendKeys(Keys.HOME);
        awaitCoded();
        String small = browser.findElement(By.id("right-figures")).getText();
        assertTrue(small.matches("SEM [0-9,]+ bytes .* ms"), small);
        browser.findElement(By.id("show-mask")).sendKeys(Keys.SPACE);
        awaitCoded();
        assertTrue(browser.findElement(By.id("status")).getText().endsWith("synthesized."), browser.findElement(By.id("status")).getText());

        browser.switchTo().activeElement().sendKeys(Keys.ESCAPE);
        until(() -> browser.getCurrentUrl().endsWith("/"));
        assertNothingWrong();
    }

    @ParameterizedTest
    @CsvSource({"1280, 800, false", "390, 844, true"})
    void aPictureThatIsSentIsShownInAllProfiles(int width, int height, boolean phone) throws Exception {
        window(width, height, phone);
        browser.get("http://127.0.0.1:" + served.port() + "/upload");
        browser.findElement(By.id("file")).sendKeys(folder.resolve("b.png").toString());
        browser.findElement(By.id("caption")).sendKeys("Red and blue", Keys.ENTER);
        awaitCoded();
        List<WebElement> cards = browser.findElements(By.cssSelector("#cards > li"));
        assertTrue(cards.size() >= 7, cards.size() + " cards");
        for (WebElement card : cards) {
            assertEquals(1, card.findElements(By.tagName("img")).size(), card.getText());
        }
        assertFitsTheWindow();
        assertNothingWrong();
    }

    /** A window of a size, in pixels of CSS; headless Chromium makes none as narrow as a phone's. */
    private static void window(int width, int height, boolean phone) {
        browser.executeCdpCommand("Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", phone));
        browser.executeCdpCommand("Emulation.setTouchEmulationEnabled", Map.of("enabled", phone));
        browser.manage().logs().get(LogType.BROWSER);
        browser.manage().logs().get(LogType.PERFORMANCE);
    }

    private static void until(BooleanSupplier holds) throws InterruptedException {
        while (!holds.getAsBoolean()) {
            Thread.sleep(20);
        }
    }

    /** Longer than the page waits for another turn of a dial. */
    private static void awaitCoded() throws InterruptedException {
        until(() -> !browser.findElements(By.id("status")).isEmpty());
        Thread.sleep(400);
        until(() -> !browser.findElement(By.id("status")).getText().contains("\u2026"));
    }

    /** From the middle of the pictures, with the mouse or with a finger. */
    private static void drag(boolean phone, int distance) {
        PointerInput pointer = new PointerInput(phone ? PointerInput.Kind.TOUCH : PointerInput.Kind.MOUSE, phone ? "finger" : "mouse");
        PointerInput.Origin middle = PointerInput.Origin.fromElement(browser.findElement(By.id("stage")));
        browser.perform(List.of(new Sequence(pointer, 0).addAction(pointer.createPointerMove(Duration.ZERO, middle, 0, 0))
                .addAction(pointer.createPointerDown(0)).addAction(pointer.createPointerMove(Duration.ofMillis(100), middle, distance, 0))
                .addAction(pointer.createPointerUp(0))));
    }

    private static String clip() {
        return browser.findElement(By.id("left")).getCssValue("clip-path");
    }

    private static void assertFitsTheWindow() {
        assertEquals(0L, browser.executeScript("return document.documentElement.scrollWidth - document.documentElement.clientWidth"));
        assertEquals(List.of(), browser.executeScript("return [...document.querySelectorAll('input, select, button')]"
                + ".filter(control => !control.labels.length && !control.ariaLabel && !control.textContent).map(control => control.id)"));
    }

    private static void assertNothingWrong() {
        List<LogEntry> messages = browser.manage().logs().get(LogType.BROWSER).getAll();
        assertEquals(List.of(), messages);
        List<String> addresses = new ArrayList<>();
        for (LogEntry entry : browser.manage().logs().get(LogType.PERFORMANCE)) {
            Matcher address = ADDRESS.matcher(entry.getMessage());
            while (entry.getMessage().contains("Network.requestWillBeSent") && address.find()) {
                addresses.add(address.group(1));
            }
        }
        assertFalse(addresses.isEmpty());
        String here = "http://127.0.0.1:" + served.port() + "/";
        assertEquals(List.of(), addresses.stream().filter(address -> !address.startsWith(here)).toList());
    }
}
