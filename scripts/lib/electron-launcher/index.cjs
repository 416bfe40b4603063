/**
 * Runs inside Electron, as `resources/app`: starts the application in the folder that the command line names, as
 * `electron FOLDER` does. A stock Electron brings this along as default_app.asar; one that was unpacked from somebody's
 * packaged product does not.
 */
const { readFileSync } = require('node:fs');
const path = require('node:path');
const { app } = require('electron');

const at = process.argv.findIndex((argument, index) => index > 0 && !argument.startsWith('-'));
if (at === -1) {
  process.stderr.write('usage: electron [flags] FOLDER [arguments]\n');
  app.exit(2);
} else {
  const folder = path.resolve(process.argv[at] ?? '.');
  const { main, name, productName, version } = JSON.parse(
    readFileSync(path.join(folder, 'package.json'), 'utf8'),
  );
  // What tells a development run from a packaged one, and which arguments are the application's.
  Object.defineProperty(process, 'defaultApp', { value: true, enumerable: true });
  app.setVersion(version);
  app.setName(productName ?? name);
  app.setAppPath(folder);
  app.setPath('userData', path.join(app.getPath('appData'), app.getName()));
  require(path.join(folder, main));
}
