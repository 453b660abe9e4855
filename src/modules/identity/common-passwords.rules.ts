/**
 * What people choose first (NIST SP 800-63B-4, 3.1.1.2: a list of values that are commonly used, expected or compromised). Compared without
 * digits, signs and the usual replacements of letters, so that each stands for all its decorations.
 */
export const COMMON_PASSWORDS: ReadonlySet<string> = new Set([
  'password', 'passwort', 'passphrase', 'contrasena', 'contrasenia', 'clave', 'secreto', 'secret', 'letmein', 'welcome', 'bienvenido', 'bienvenida',
  'administrator', 'administrador', 'admin', 'supervisor', 'attorney', 'translator', 'reconciler', 'officer', 'consulate', 'consulado', 'kcsa',
  'puente', 'puentepuente', 'county', 'losangeles', 'california', 'calexico', 'imperial', 'childsupport', 'support', 'changeme', 'changemenow',
  'cambiame', 'default', 'temporary', 'temporal', 'qwerty', 'qwertyuiop', 'qwertyqwerty', 'asdfghjkl', 'asdfasdf', 'zxcvbnm', 'qazwsx', 'qazwsxedc',
  'azerty', 'abcdefghijklmnopqrstuvwxyz', 'abcdefghijkl', 'abcdefg', 'abcabc', 'abc', 'iloveyou', 'ilovemymom', 'teamo', 'tequiero', 'tequieromucho',
  'sunshine', 'princess', 'princesa', 'football', 'futbol', 'baseball', 'superman', 'batman', 'spiderman', 'pokemon', 'dragon', 'monkey', 'shadow',
  'master', 'michael', 'jessica', 'ashley', 'jennifer', 'daniel', 'alejandro', 'alejandra', 'fernanda', 'guadalupe', 'mexico', 'mexicomexico',
  'vivamexico', 'korea', 'daehanminguk', 'seoul', 'saranghae', 'saranghaeyo', 'annyeong', 'starwars', 'whatever', 'trustno', 'trustnoone',
  'computer', 'computadora', 'internet', 'company', 'government', 'gobierno', 'office', 'oficina', 'summer', 'winter', 'spring', 'autumn', 'verano',
  'invierno', 'primavera', 'january', 'february', 'november', 'december', 'enero', 'noviembre', 'diciembre', 'monday', 'lunes',
  'correcthorsebatterystaple', 'opensesame', 'abretesesamo', 'blahblahblah', 'testtesttest', 'testing', 'test', 'prueba', 'pruebaprueba', 'guest',
  'invitado', 'user', 'usuario', 'login', 'access', 'acceso', 'hello', 'hola', 'holahola', 'helloworld', 'passwordpassword', 'passwordadmin',
  'adminpassword', 'iamtheadmin', 'thequickbrownfox', 'nothing', 'unknown', 'mypassword', 'mipassword', 'micontrasena', 'yourpassword',
  'newpassword', 'nuevacontrasena', 'thisisapassword', 'thisismypassword', 'estaesmicontrasena',
]);
