// Everyday names and places; every person made of them is invented.
export const MEXICAN_GIVEN = {
  F: ['María Guadalupe', 'Rosa Elena', 'Verónica', 'Leticia', 'Ana Laura', 'Claudia', 'Yolanda', 'Patricia', 'María del Carmen', 'Araceli', 'Beatriz', 'Gabriela', 'Sofía', 'Ximena', 'Fernanda', 'Itzel', 'Josefina', 'Marisol', 'Lucía', 'Teresa'],
  M: ['José Luis', 'Juan Carlos', 'Miguel Ángel', 'Francisco Javier', 'Jesús', 'Alejandro', 'Ricardo', 'Óscar', 'Raúl', 'Héctor', 'Martín', 'Diego', 'Emiliano', 'Santiago', 'Genaro', 'Iván', 'Andrés', 'Tomás', 'Sergio', 'Arturo'],
} as const;
export const MEXICAN_FAMILY = ['Hernández', 'García', 'Martínez', 'López', 'González', 'Rodríguez', 'Pérez', 'Sánchez', 'Ramírez', 'Cruz', 'Flores', 'Gómez', 'Morales', 'Vázquez', 'Reyes', 'Jiménez', 'Torres', 'Díaz', 'Gutiérrez',
  'Mendoza', 'Ruiz', 'Aguilar', 'Ortiz', 'Castillo', 'Moreno', 'Romero', 'Álvarez', 'Méndez', 'Chávez', 'Rivera', 'Juárez', 'Ramos', 'Domínguez', 'Herrera', 'Medina', 'Vargas', 'Castro', 'Guzmán', 'Velázquez', 'Muñoz', 'Núñez',
  'Ibáñez', 'Peña', 'Quiroz', 'Zavala', 'Ochoa', 'Escobedo', 'Ureña', 'Mondragón', 'Bañuelos'] as const;
/** Hangul and one passport spelling. */
export const KOREAN_FAMILY = [['김', 'Kim'], ['이', 'Lee'], ['박', 'Park'], ['최', 'Choi'], ['정', 'Jung'], ['정', 'Jeong'], ['강', 'Kang'], ['조', 'Cho'], ['윤', 'Yoon'], ['장', 'Jang'], ['임', 'Lim'], ['한', 'Han'], ['오', 'Oh'], ['서', 'Seo'], ['신', 'Shin'],
  ['권', 'Kwon'], ['황', 'Hwang'], ['안', 'Ahn'], ['송', 'Song'], ['류', 'Ryu'], ['홍', 'Hong'], ['전', 'Jeon'], ['고', 'Ko'], ['문', 'Moon'], ['양', 'Yang'], ['배', 'Bae'], ['백', 'Baek'], ['허', 'Heo'], ['남', 'Nam'], ['노', 'Noh']] as const;
export const KOREAN_GIVEN = {
  F: [['미숙', 'Misuk'], ['지영', 'Jiyoung'], ['은주', 'Eunju'], ['수진', 'Soojin'], ['현정', 'Hyunjung'], ['서연', 'Seoyeon'], ['민지', 'Minji'], ['하은', 'Haeun'], ['유진', 'Yujin'], ['정희', 'Junghee'], ['혜진', 'Hyejin'], ['소영', 'Soyoung'], ['예린', 'Yerin'], ['나연', 'Nayeon'], ['경아', 'Kyunga']],
  M: [['민수', 'Minsu'], ['성호', 'Sungho'], ['영철', 'Youngchul'], ['지훈', 'Jihoon'], ['동현', 'Donghyun'], ['재원', 'Jaewon'], ['상균', 'Sangkyun'], ['준서', 'Junseo'], ['도윤', 'Doyoon'], ['병식', 'Byungsik'], ['태균', 'Taegyun'], ['우진', 'Woojin'], ['현우', 'Hyunwoo'], ['시우', 'Siwoo'], ['기태', 'Kitae']],
} as const;
export const US_GIVEN = {
  F: ['Jennifer', 'Ashley', 'Megan', 'Nicole', 'Heather', 'Tiffany', 'Erica', 'Vanessa', 'Kayla', 'Denise'],
  M: ['Timothy', 'Brandon', 'Kevin', 'Marcus', 'Jason', 'Anthony', 'Derek', 'Travis', 'Eric', 'Nathan'],
} as const;
export const US_FAMILY = ['Brown', 'Johnson', 'Miller', 'Davis', 'Wilson', 'Anderson', 'Thompson', 'Harris', 'Clark', 'Lewis', 'Walker', 'Young', 'Hill', 'Carter', 'Turner', 'Bennett', 'Foster', 'Grant'] as const;

/** Mexican places: state as the CURP and the order write it, name, municipality, neighbourhoods, first digits of the postal code. */
export const MEXICAN_PLACES = [
  { entity: 'BC', state: 'Baja California', city: 'Mexicali', neighborhoods: ['Cuauhtémoc Sur', 'Pueblo Nuevo', 'Nueva'], postal: '211' },
  { entity: 'BC', state: 'Baja California', city: 'Tijuana', neighborhoods: ['Libertad', 'Otay Universidad', 'Zona Centro'], postal: '220' },
  { entity: 'JC', state: 'Jalisco', city: 'Guadalajara', neighborhoods: ['San Marcos', 'Oblatos', 'Analco'], postal: '443' },
  { entity: 'MN', state: 'Michoacán', city: 'Morelia', neighborhoods: ['Chapultepec Norte', 'Vasco de Quiroga'], postal: '582' },
  { entity: 'GT', state: 'Guanajuato', city: 'León', neighborhoods: ['San Juan de Dios', 'Obregón'], postal: '370' },
  { entity: 'OC', state: 'Oaxaca', city: 'Oaxaca de Juárez', neighborhoods: ['Jalatlaco', 'Reforma'], postal: '680' },
  { entity: 'ZS', state: 'Zacatecas', city: 'Jerez', neighborhoods: ['Centro', 'San Pedro'], postal: '993' },
  { entity: 'DF', state: 'Ciudad de México', city: 'Iztapalapa', neighborhoods: ['Santa Cruz Meyehualco', 'Leyes de Reforma'], postal: '092' },
  { entity: 'SL', state: 'Sinaloa', city: 'Culiacán', neighborhoods: ['Guadalupe', 'Las Quintas'], postal: '800' },
  { entity: 'SR', state: 'Sonora', city: 'San Luis Río Colorado', neighborhoods: ['Comercial', 'Campestre'], postal: '834' },
] as const;
export const MEXICAN_STREETS = ['Calle Vicente Guerrero', 'Avenida Benito Juárez', 'Calle Morelos', 'Privada Hidalgo', 'Calle 16 de Septiembre', 'Avenida Reforma', 'Calle Niños Héroes'] as const;
/** Korean places in English order, as the Latin spelling of an address has it. */
export const KOREAN_PLACES = [
  { region: 'Busan', city: 'Haeundae-gu', street: 'Marine city-ro', postal: '481' }, { region: 'Seoul', city: 'Mapo-gu', street: 'World Cup buk-ro', postal: '039' },
  { region: 'Seoul', city: 'Songpa-gu', street: 'Olympic-ro', postal: '055' }, { region: 'Incheon', city: 'Namdong-gu', street: 'Inju-daero', postal: '215' },
  { region: 'Gyeonggi-do', city: 'Suwon-si', street: 'Jeongjo-ro', postal: '164' }, { region: 'Daegu', city: 'Suseong-gu', street: 'Dalgubeol-daero', postal: '421' },
] as const;
export const COUNTY_PLACES = {
  '06037': { court: 'Superior Court of California, County of Los Angeles', cities: [['Los Angeles', '90022'], ['East Los Angeles', '90063'], ['Huntington Park', '90255'], ['Pomona', '91766'], ['Long Beach', '90813']], streets: ['Olympic Blvd', 'Whittier Blvd', 'Soto St', 'Heber Ave'] },
  '06025': { court: 'Superior Court of California, County of Imperial', cities: [['El Centro', '92243'], ['Calexico', '92231'], ['Brawley', '92227'], ['Holtville', '92250']], streets: ['Imperial Ave', 'Main St', 'Rockwood Ave', 'Paulin Ave'] },
} as const;
export const EMPLOYERS = ['Golden Poppy Landscaping', 'Valle Alto Produce', 'Bright Harbor Logistics', 'Mesa Verde Construction', 'Sunset Kitchen Supply', 'Three Palms Roofing', 'Comercializadora del Norte Ficticia', 'Haneul Electronics (fictional)'] as const;
/** Bank and plaza of a CLABE. */
export const CLABE_BANKS = ['002', '012', '014', '021', '072', '127', '137'] as const;
export const KOREAN_BANKS = ['004', '011', '020', '081', '088', '090'] as const;
