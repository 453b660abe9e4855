// Well-known names. A word that is one letter away from what the case holds and is itself one of these is another name, no slip.
const WORDS = `maria mario juan juana luis luisa francisco francisca martin martina carlos carla antonio antonia manuel manuela jose josefa josefina jesus rosa rosario rosalba
ana anita miguel miguela angel angela angeles pedro petra alejandro alejandra fernando fernanda hernan ramon ramona roberto roberta raul saul julio julia julian juliana rafael rafaela
daniel daniela gabriel gabriela victor victoria marco marcos marta martha elena elsa elia delia celia cecilia silvia sylvia olivia sara clara laura lorena lorenzo leonor leonel
dario diana adriana adrian adolfo rodolfo arturo alberto gilberto norberto humberto heriberto oscar omar hugo ivan rene irene ines inez agustin agustina cristina cristian cristiana
marina marino mariana mariano karina karla paola paula paulo pablo erika erica erik eric monica veronica alicia felicia patricia patricio beatriz dolores mercedes margarita
gloria teresa emilia emilio emiliano amelia amalia aurelia aurelio estela ester esther eva iva david davis valentin valentina nora norma irma alma palma blanca blanco
nicolas tomas tomasa mateo matias simon simona benito benita ernesto ernestina alfredo alfonso alonso hilario hilaria isabel isabela raquel ruben lucia lucio luz
garcia garza hernandez fernandez lopez gomez gonzalez martinez rodriguez perez sanchez ramirez torres flores florez rivera rivas rios diaz diez cruz reyes reyna morales mora moran moreno
ortiz ortega gutierrez chavez ramos ruiz alvarez suarez juarez mendoza mendez vasquez vazquez castillo castro jimenez rojas romero herrera medina aguilar vargas guzman munoz nunez
salazar soto sosa delgado pena pina peralta rosas leon luna lara salas solis silva siller campos campo ocampo vega vela varela valdez valencia acosta padilla santos santana marquez
maldonado cabrera mejia trejo trujillo rangel robles roblez robledo rosales romo tovar cortes cortez cano canto cantu avila avalos ayala barrera barrios bautista becerra bravo
calderon camacho cardenas carrillo cervantes cisneros contreras corona coronado dominguez duarte duran escobar espinoza estrada figueroa fuentes galindo gallegos galvan galvez
guerra guerrero ibarra lozano macias maciel marin mata mercado meza miranda molina montes montoya murillo navarro navarrete ochoa olivares olvera orozco pacheco palacios parra
ponce quintero quiroz rosado rubio saldana salgado salinas sandoval santiago segura serrano sierra solano tapia tellez trevino uribe valdes valle velasco velazquez villa villarreal
zamora zapata zavala zuniga arias arce arroyo beltran bernal esquivel felix fonseca franco fuerte lugo lujan mena neri nieto nava osorio pineda pizano prado quezada rocha saenz tejeda
john jon joan jean jane jan mark marc mary marie maria anna anne ann emma ella alan allan aaron adam brian bryan ryan dean dan don ron rob rose ross carl earl karl
smith johnson jonson jones brown davies miller wilson willson moore taylor anderson thomas jackson white harris martin thompson lee lewis walker hall allen young king wright scott
green baker adams nelson carter mitchell roberts robert turner phillips campbell parker evans edwards collins stewart morris rogers reed cook morgan bell murphy bailey cooper`;

const names = new Set(WORDS.split(/\s+/u));

export function isCommonName(word: string): boolean {
  return names.has(word);
}
