@echo off
rem Starts Finch on Windows: finds a JDK and chooses the JVM's flags, as bin/finch does elsewhere.
rem The local engine does not run on Windows; Claude answers, and --server asks another machine.
rem
rem   FINCH_JAVA_HOME   the JDK to use, before any other
rem   FINCH_JAVA_OPTS   more JVM options
setlocal
set "home=%~dp0.."
if defined FINCH_JAVA_HOME (
  call :new_enough "%FINCH_JAVA_HOME%" && goto found
  echo finch: FINCH_JAVA_HOME is %FINCH_JAVA_HOME%, which is not a JDK 25 or newer. Point it at one, or unset it. 1>&2
  exit /b 1
)
call :new_enough "%home%\runtime" && goto found
if defined JAVA_HOME call :new_enough "%JAVA_HOME%" && goto found
for /d %%d in ("%ProgramFiles%\Eclipse Adoptium\jdk*" "%ProgramFiles%\Java\jdk*" "%ProgramFiles%\Microsoft\jdk*") do (
  call :new_enough "%%~d" && goto found
)
for /f "delims=" %%j in ('where java 2^>nul') do (
  call :new_enough "%%~dpj.." && goto found
)
echo finch: needs a JDK 25 or newer and found none in JAVA_HOME, Program Files or PATH. 1>&2
echo finch: Install one (for example from https://adoptium.net), or set FINCH_JAVA_HOME to it. 1>&2
exit /b 1

:found
if not exist "%home%\lib\finch.jar" (
  echo finch: %home%\lib\finch.jar is missing; unpack the distribution again. 1>&2
  exit /b 1
)
rem What a person waits for starts under C1, which is ready sooner; what runs long gets C2.
set "jit=-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
if "%~1"=="serve" set "jit="
if "%~1"=="pull" set "jit="
if "%~1"=="verify" set "jit="
rem What the JVM writes of its own crash holds the command line, and so the prompt.
set "state=%USERPROFILE%\.local\state\finch"
if not exist "%state%" mkdir "%state%"
"%jdk%\bin\java" -Xlog:disable %jit% "-XX:ErrorFile=%state%\hs_err_%%p.log" -XX:-CreateCoredumpOnCrash -XX:+DisplayVMOutputToStderr --sun-misc-unsafe-memory-access=allow "-Dfinch-launcher.home=%home%" %FINCH_JAVA_OPTS% -jar "%home%\lib\finch.jar" %*
exit /b %errorlevel%

rem Sets jdk and succeeds where the argument is a JDK that is new enough.
:new_enough
set "major=0"
if not exist "%~1\release" exit /b 1
for /f "tokens=2 delims==." %%v in ('findstr /b JAVA_VERSION= "%~1\release"') do set "major=%%v"
set "major=%major:"=%"
if %major% lss 25 exit /b 1
set "jdk=%~1"
exit /b 0
